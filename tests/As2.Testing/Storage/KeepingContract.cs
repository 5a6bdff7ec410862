using As2.Routes;
using As2.Storage;

namespace As2.Testing.Storage;

/// <summary>What every <see cref="IStoreKeeping"/> forgets, and what it keeps.</summary>
public abstract class KeepingContract : StoreContract
{
    private static readonly CancellationToken s_none = CancellationToken.None;
    private static readonly RetentionPolicy s_policy = new() { Contents = TimeSpan.FromDays(30), Records = TimeSpan.FromDays(60) };

    [Test]
    public async Task contents_go_first_and_leave_their_evidence_and_the_receipt()
    {
        var content = await BlobAsync();
        var message = await DeliverAsync(content);
        Time.Advance(TimeSpan.FromDays(29));
        await KeepAsync();
        Assert.That((await Store.Journal.GetAsync(message.Id, s_none))!.Payloads[0].Content.IsPurged, Is.False);

        Time.Advance(TimeSpan.FromDays(1));
        await KeepAsync();
        var purged = (await Store.Journal.GetAsync(message.Id, s_none))!;
        Assert.That(purged.Payloads.Select(p => p.Content.IsPurged), Is.All.True);
        Assert.That((purged.Payloads[0].Content.Length, purged.Payloads[0].Content.Sha256), Is.EqualTo((content.Length, content.Sha256)));
        Assert.That(purged.Receipt!.Body.Inline, Is.Not.Null);
        Assert.That((await Store.Messages.AcceptAsync(Sample.Inbound(message.Key.MessageId), s_none)).IsNew, Is.False, "the key stays");

        await Store.Mailboxes.RemoveAsync("acme", "inbox", "a.txt", s_none);
        Time.Advance(TimeSpan.FromDays(1));
        await KeepAsync();
        Assert.That(await NamesAsync(), Is.Empty, "the blob is gone");
    }

    [Test]
    public async Task records_go_with_their_key_and_history()
    {
        var message = await DeliverAsync(Sample.Content("x"));
        Time.Advance(TimeSpan.FromDays(60));
        await KeepAsync();
        Assert.That(await Store.Journal.GetAsync(message.Id, s_none), Is.Null);
        Assert.That(await Store.Journal.GetHistoryAsync(message.Id, s_none), Is.Empty);
        Assert.That((await Store.Messages.AcceptAsync(Sample.Inbound(message.Key.MessageId), s_none)).IsNew);
    }

    [Test]
    public async Task usage_counts_the_messages_of_a_day_and_the_bytes_that_are_kept()
    {
        var (usage, day) = ((IStoreUsage)Store.Messages, Time.GetUtcNow());
        await DeliverAsync(Sample.Content("12345"));
        await Store.Messages.AcceptAsync(Sample.Inbound(payload: "123", state: MessageState.Refused), s_none);
        Assert.That(await usage.GetUsageAsync(Sample.Us, day, s_none), Is.EqualTo(new StationUsage(1, 8)), "a refused message takes room and does not count");
        Assert.That(await usage.GetUsageAsync(Sample.Partner, day, s_none), Is.EqualTo(default(StationUsage)));

        Time.Advance(TimeSpan.FromDays(1));
        await Store.Messages.SubmitAsync(Sample.Outbound(payload: "12"), s_none);
        Assert.That(await usage.GetUsageAsync(Sample.Us, day.AddDays(1), s_none), Is.EqualTo(new StationUsage(1, 10)));
        Assert.That((await usage.GetUsageAsync(Sample.Us, day, s_none)).Messages, Is.EqualTo(1));

        Time.Advance(TimeSpan.FromDays(30));
        await KeepAsync();
        Assert.That((await usage.GetUsageAsync(Sample.Us, day, s_none)).Bytes, Is.EqualTo(2), "contents are purged, the submission is not finished");
        Time.Advance(TimeSpan.FromDays(60));
        await KeepAsync();
        Assert.That((await usage.GetUsageAsync(Sample.Us, day, s_none)).Bytes, Is.EqualTo(2), "their records too");
    }

    [Test]
    public async Task what_is_not_finished_is_kept_for_ever()
    {
        var (waiting, submission) = (Sample.Inbound(), Sample.Outbound());
        await Store.Messages.AcceptAsync(waiting, s_none);
        await Store.Messages.SubmitAsync(submission, s_none);
        var receiptLeft = await DeliverAsync(Sample.Content("x"), new NewJob(JobKind.SendReceipt));
        Time.Advance(TimeSpan.FromDays(1000));
        await KeepAsync();
        foreach (var id in new[] { waiting.Message.Id, submission.Message.Id, receiptLeft.Id })
            Assert.That((await Store.Journal.GetAsync(id, s_none))!.Payloads[0].Content.IsPurged, Is.False);
    }

    [Test]
    public async Task a_file_of_a_mailbox_outlives_its_message()
    {
        var content = await BlobAsync();
        await DeliverAsync(content);
        Time.Advance(TimeSpan.FromDays(60));
        await KeepAsync();
        var file = (await Store.Mailboxes.ListAsync("acme", "inbox", s_none)).Single();
        await using (var stream = await Store.Blobs.OpenReadAsync(file.Content, s_none))
            await stream.CopyToAsync(Stream.Null, s_none);

        await Store.Mailboxes.RemoveAsync("acme", "inbox", file.Name, s_none);
        Time.Advance(TimeSpan.FromDays(1));
        await KeepAsync();
        Assert.That(await NamesAsync(), Is.Empty);
    }

    [Test]
    public async Task an_orphan_is_collected_when_it_is_old_enough()
    {
        await BlobAsync();
        Time.Advance(TimeSpan.FromHours(23));
        await KeepAsync();
        Assert.That(await NamesAsync(), Has.Count.EqualTo(1), "a request may still be on its way to its row");
        Time.Advance(TimeSpan.FromHours(1));
        await KeepAsync();
        Assert.That(await NamesAsync(), Is.Empty);
    }

    [Test]
    public async Task a_purge_goes_on_over_many_batches()
    {
        for (var i = 0; i < 450; i++)
            await Store.Messages.AcceptAsync(Sample.Inbound(state: MessageState.Refused), s_none);
        Time.Advance(TimeSpan.FromDays(60));
        await KeepAsync();
        Assert.That(await Store.Journal.ListAsync(new MessageQuery(), s_none), Is.Empty);
    }

    private Task KeepAsync() => new StoreKeeper((IStoreKeeping)Store.Messages, Store.Blobs, s_policy).RunAsync(s_none);

    private async Task<StoredMessage> DeliverAsync(StoredContent content, params NewJob[] further)
    {
        var arrival = Sample.Inbound();
        arrival = arrival with { Message = arrival.Message with { Payloads = [new StoredPayload(content, "text/plain", "a.txt")] } };
        await Store.Messages.AcceptAsync(arrival, s_none);
        var job = (await Store.Messages.ClaimAsync(JobKind.Deliver, 10, TimeSpan.FromMinutes(1), s_none)).Single(j => j.MessageId == arrival.Message.Id);
        var step = Sample.Step(MessageState.Accepted, MessageState.Delivered) with
        {
            Mailbox = [new MailboxChange("acme", Add: new NewMailboxFile("inbox", "a.txt", content))], NewJobs = further,
        };
        Assert.That(await Store.Messages.ApplyAsync(job, step, s_none));
        return arrival.Message;
    }

    private async Task<StoredContent> BlobAsync()
    {
        await using var writer = Store.Blobs.Create(null);
        writer.Push(new byte[200_000]);
        return await writer.CommitAsync(s_none);
    }

    private async Task<List<string>> NamesAsync()
    {
        var names = new List<string>();
        await foreach (var name in Store.Blobs.ListAsync(TimeSpan.Zero, s_none))
            names.Add(name);
        return names;
    }
}
