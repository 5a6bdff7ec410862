using As2.Storage;

namespace As2.Testing.Storage;

/// <summary>What every <see cref="IMessageStore"/> does with messages, and its <see cref="IMessageJournal"/> tells of them.</summary>
public abstract class MessageStoreContract : StoreContract
{
    private static readonly CancellationToken s_none = CancellationToken.None;

    [Test]
    public async Task a_message_comes_back_as_it_was()
    {
        var wire = Sample.Wire("as it came");
        var arrival = Sample.Inbound();
        arrival = arrival with { Message = arrival.Message with { Wire = wire, Diagnosis = "all well", Account = "acme" } };

        var outcome = await Store.Messages.AcceptAsync(arrival, s_none);
        var stored = (await Store.Journal.GetAsync(arrival.Message.Id, s_none))!;

        Assert.That(outcome.IsNew);
        Assert.That(outcome.Earlier, Is.Null);
        AssertSame(stored, arrival.Message);
        Assert.That(stored.Created, Is.EqualTo(Time.GetUtcNow()));
        Assert.That(stored.Changed, Is.EqualTo(Time.GetUtcNow()));
        AssertSame((await Store.Journal.FindAsync(arrival.Message.Key, s_none))!, arrival.Message);
    }

    [Test]
    public async Task an_unknown_message_is_null()
    {
        Assert.That(await Store.Journal.GetAsync("no such id", s_none), Is.Null);
        Assert.That(await Store.Journal.FindAsync(Sample.Inbound().Message.Key, s_none), Is.Null);
    }

    [Test]
    public async Task a_duplicate_is_answered_with_the_first_and_changes_nothing()
    {
        var first = Sample.Inbound("same@x", "first");
        await Store.Messages.AcceptAsync(first, s_none);

        var outcome = await Store.Messages.AcceptAsync(Sample.Inbound("same@x", "second"), s_none);

        Assert.That(outcome.IsNew, Is.False);
        AssertSame(outcome.Earlier!, first.Message);
        Assert.That(await Store.Messages.ClaimAsync(JobKind.Deliver, 10, TimeSpan.FromMinutes(1), s_none), Has.Count.EqualTo(1));
        Assert.That(await Store.Journal.ListEventsAsync(0, 10, s_none), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task the_key_is_of_both_names_and_the_direction_and_compared_exactly()
    {
        var first = Sample.Inbound("Key@x");
        await Store.Messages.AcceptAsync(first, s_none);
        var key = first.Message.Key;

        foreach (var other in new[]
                 {
                     key with { MessageId = "key@x" }, key with { Partner = Sample.Us }, key with { Local = Sample.Partner },
                     key with { Direction = MessageDirection.Outbound },
                 })
        {
            var arrival = Sample.Inbound();
            var outcome = await Store.Messages.AcceptAsync(arrival with { Message = arrival.Message with { Key = other } }, s_none);
            Assert.That(outcome.IsNew, () => other.ToString());
        }
    }

    [Test]
    public async Task a_refused_message_takes_no_key_and_is_kept()
    {
        var refused = Sample.Inbound("again@x", state: MessageState.Refused);
        Assert.That((await Store.Messages.AcceptAsync(refused, s_none)).IsNew);
        Assert.That((await Store.Messages.AcceptAsync(Sample.Inbound("again@x", state: MessageState.Refused), s_none)).IsNew);
        Assert.That(await Store.Journal.FindAsync(refused.Message.Key, s_none), Is.Null);

        var corrected = Sample.Inbound("again@x", "corrected");
        Assert.That((await Store.Messages.AcceptAsync(corrected, s_none)).IsNew);
        Assert.That((await Store.Messages.AcceptAsync(Sample.Inbound("again@x", state: MessageState.Refused), s_none)).IsNew);

        AssertSame((await Store.Journal.FindAsync(refused.Message.Key, s_none))!, corrected.Message);
        Assert.That((await Store.Journal.GetAsync(refused.Message.Id, s_none))!.State, Is.EqualTo(MessageState.Refused));
    }

    [Test]
    public async Task a_message_id_of_ours_is_made_once()
    {
        await Store.Messages.SubmitAsync(Sample.Outbound("mine@x"), s_none);
        var fault = Assert.ThrowsAsync<As2Exception>(async () => await Store.Messages.SubmitAsync(Sample.Outbound("mine@x"), s_none));
        Assert.That(fault!.Id, Is.EqualTo("AS2-STORE-009"));
        Assert.That(await Store.Mailboxes.ListAsync("acme", "outbox", s_none), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task duplicates_racing_in_parallel_leave_one()
    {
        var copies = Enumerable.Range(0, 32).Select(i => Sample.Inbound("race@x", $"copy {i}")).ToList();
        var outcomes = await Task.WhenAll(copies.Select(c => Task.Run(async () => await Store.Messages.AcceptAsync(c, s_none))));

        Assert.That(outcomes.Count(o => o.IsNew), Is.EqualTo(1));
        var winner = copies[Array.FindIndex(outcomes, o => o.IsNew)].Message.Id;
        Assert.That(outcomes.Where(o => !o.IsNew).Select(o => o.Earlier!.Id), Is.All.EqualTo(winner));
        Assert.That(await Store.Messages.ClaimAsync(JobKind.Deliver, 64, TimeSpan.FromMinutes(1), s_none), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task a_step_keeps_what_it_brings_and_leaves_the_rest()
    {
        var submission = Sample.Outbound() with { LeaseToCaller = TimeSpan.FromMinutes(1) };
        var job = (await Store.Messages.SubmitAsync(submission, s_none))!;
        Time.Advance(TimeSpan.FromSeconds(5));
        var wire = Sample.Wire("packed");

        await Store.Messages.ApplyAsync(job, Sample.Step(MessageState.Submitted, MessageState.Packaged, JobOutcome.Continue) with
        {
            Wire = wire, Mics = ["bmV3, sha-512"], Security = "encrypted", CountAttempt = true,
        }, s_none);
        await Store.Messages.ApplyAsync(job, Sample.Step(MessageState.Packaged, MessageState.Acknowledged) with
        {
            Receipt = Sample.Wire("the receipt"), Disposition = "processed", Diagnosis = "fine", CountAttempt = true,
        }, s_none);

        var stored = (await Store.Journal.GetAsync(submission.Message.Id, s_none))!;
        AssertSame(stored, submission.Message with
        {
            State = MessageState.Acknowledged, Wire = wire, Mics = ["bmV3, sha-512"], Security = "encrypted", Attempts = 2,
            Receipt = Sample.Wire("the receipt"), Disposition = "processed", Diagnosis = "fine",
        });
        Assert.That(stored.Changed - stored.Created, Is.EqualTo(TimeSpan.FromSeconds(5)));
        Assert.That((await Store.Journal.GetHistoryAsync(stored.Id, s_none)).Select(e => e.Text), Is.EqualTo(["order.edi", "to Packaged", "to Acknowledged"]));
    }

    [Test]
    public async Task a_receipt_kept_again_replaces_the_former()
    {
        var arrival = Sample.Inbound();
        await Store.Messages.AcceptAsync(arrival, s_none);
        var step = Sample.Step(MessageState.Accepted, MessageState.Accepted) with { Receipt = Sample.Wire("another") };
        Assert.That(await Store.Messages.ReconcileAsync(arrival.Message.Id, step, s_none));
        var stored = (await Store.Journal.GetAsync(arrival.Message.Id, s_none))!;
        Assert.That(stored.Receipt!.Body.Sha256, Is.EqualTo(Sample.Content("another").Sha256));
        Assert.That(stored.Payloads, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task an_illegal_step_changes_nothing()
    {
        var submission = Sample.Outbound() with { LeaseToCaller = TimeSpan.FromMinutes(1) };
        var job = (await Store.Messages.SubmitAsync(submission, s_none))!;
        var step = Sample.Step(MessageState.Sending, MessageState.Acknowledged) with { Mailbox = [new("acme", RemoveOfMessage: "outbox")] };

        Assert.That(await Store.Messages.ApplyAsync(job, step, s_none), Is.False);
        Assert.That(await Store.Messages.ReconcileAsync(submission.Message.Id, step, s_none), Is.False);
        Assert.That(await Store.Messages.ReconcileAsync("no such id", step, s_none), Is.False);

        AssertSame((await Store.Journal.GetAsync(submission.Message.Id, s_none))!, submission.Message);
        Assert.That(await Store.Journal.GetHistoryAsync(submission.Message.Id, s_none), Has.Count.EqualTo(1));
        Assert.That(await Store.Mailboxes.ListAsync("acme", "outbox", s_none), Has.Count.EqualTo(1));
    }

    [Test]
    public void a_cancelled_call_stores_nothing()
    {
        var arrival = Sample.Inbound();
        Assert.That(async () => await Store.Messages.AcceptAsync(arrival, new CancellationToken(true)), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(async () => await Store.Journal.GetAsync(arrival.Message.Id, s_none), Is.Null);
    }

    private static void AssertSame(StoredMessage stored, StoredMessage expected)
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(stored.Id, Is.EqualTo(expected.Id));
            Assert.That(stored.Key, Is.EqualTo(expected.Key));
            Assert.That(stored.MessageId, Is.EqualTo(expected.MessageId));
            Assert.That(stored.State, Is.EqualTo(expected.State));
            Assert.That(stored.Payloads.Select(Text), Is.EqualTo(expected.Payloads.Select(Text)));
            Assert.That(stored.Mics, Is.EqualTo(expected.Mics));
            Assert.That(Text(stored.Wire), Is.EqualTo(Text(expected.Wire)));
            Assert.That(Text(stored.Receipt), Is.EqualTo(Text(expected.Receipt)));
            Assert.That(stored.Disposition, Is.EqualTo(expected.Disposition));
            Assert.That(stored.ReceiptUrl, Is.EqualTo(expected.ReceiptUrl));
            Assert.That(stored.Security, Is.EqualTo(expected.Security));
            Assert.That(stored.Diagnosis, Is.EqualTo(expected.Diagnosis));
            Assert.That(stored.Account, Is.EqualTo(expected.Account));
            Assert.That(stored.Attempts, Is.EqualTo(expected.Attempts));
        }
    }

    private static string Text(StoredPayload payload) => $"{payload.ContentType} {payload.FileName} {payload.ContentId} {Text(payload.Content)}";

    private static string? Text(WireMessage? wire)
        => wire is null ? null : string.Join('\n', wire.Headers.Select(h => $"{h.Key}={h.Value}")) + "\n" + Text(wire.Body);

    private static string Text(StoredContent content)
        => $"{content.Length} {content.Sha256} {content.BlobName} {(content.Inline is { } bytes ? Convert.ToHexString(bytes.Span) : "")}";
}
