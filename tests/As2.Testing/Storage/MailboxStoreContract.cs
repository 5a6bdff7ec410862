using As2.Routes;
using As2.Storage;

namespace As2.Testing.Storage;

/// <summary>What every <see cref="IMailboxStore"/> does, alone and in a message's transaction.</summary>
public abstract class MailboxStoreContract : StoreContract
{
    private static readonly CancellationToken s_none = CancellationToken.None;

    [Test]
    public async Task a_file_comes_back_as_it_was()
    {
        var file = File("order.edi");
        Assert.That(await Store.Mailboxes.AddAsync(file, s_none));
        var found = (await Store.Mailboxes.FindAsync("acme", "outbox", "order.edi", s_none))!;
        Assert.That(found.Modified, Is.EqualTo(Time.GetUtcNow()));
        Assert.That(found.Content.Inline!.Value.ToArray(), Is.EqualTo(file.Content.Inline!.Value.ToArray()));
        Assert.That(found with { Content = file.Content }, Is.EqualTo(file with { Modified = found.Modified }));
    }

    [Test]
    public async Task a_taken_name_is_refused_and_names_are_of_their_account_and_folder_and_case()
    {
        Assert.That(await Store.Mailboxes.AddAsync(File("a"), s_none));
        Assert.That(await Store.Mailboxes.AddAsync(File("a"), s_none), Is.False);
        Assert.That(await Store.Mailboxes.AddAsync(File("A"), s_none));
        Assert.That(await Store.Mailboxes.AddAsync(File("a") with { Account = "other" }, s_none));
        Assert.That(await Store.Mailboxes.AddAsync(File("a") with { Folder = "inbox" }, s_none));
        Assert.That((await Store.Mailboxes.ListAsync("acme", "outbox", s_none)).Select(f => f.Name), Is.EqualTo(["A", "a"]));
    }

    [Test]
    public async Task an_account_is_measured_over_all_its_folders()
    {
        Assert.That(await Store.Mailboxes.MeasureAsync("acme", s_none), Is.EqualTo((0L, 0L)));
        await Store.Mailboxes.AddAsync(File("a"), s_none);
        await Store.Mailboxes.AddAsync(File("a") with { Folder = "inbox" }, s_none);
        await Store.Mailboxes.AddAsync(File("a") with { Account = "other" }, s_none);
        Assert.That(await Store.Mailboxes.MeasureAsync("acme", s_none), Is.EqualTo((2L, 2 * File("a").Content.Length)));
    }

    [Test]
    public async Task a_file_is_renamed_within_its_account()
    {
        await Store.Mailboxes.AddAsync(File("a"), s_none);
        await Store.Mailboxes.AddAsync(File("b"), s_none);
        Assert.That(await Store.Mailboxes.RenameAsync("acme", ("outbox", "a"), ("outbox", "b"), s_none), Is.False, "never over another file");
        Assert.That(await Store.Mailboxes.RenameAsync("acme", ("outbox", "none"), ("outbox", "c"), s_none), Is.False);
        Assert.That(await Store.Mailboxes.RenameAsync("other", ("outbox", "a"), ("outbox", "c"), s_none), Is.False);
        Assert.That(await Store.Mailboxes.RenameAsync("acme", ("outbox", "a"), ("inbox", "c"), s_none));
        Assert.That((await Store.Mailboxes.ListAsync("acme", "outbox", s_none)).Select(f => f.Name), Is.EqualTo(["b"]));
        Assert.That((await Store.Mailboxes.ListAsync("acme", "inbox", s_none)).Select(f => f.Name), Is.EqualTo(["c"]));
    }

    [Test]
    public async Task a_file_is_removed_once()
    {
        await Store.Mailboxes.AddAsync(File("a"), s_none);
        Assert.That(await Store.Mailboxes.RemoveAsync("acme", "outbox", "a", s_none));
        Assert.That(await Store.Mailboxes.RemoveAsync("acme", "outbox", "a", s_none), Is.False);
        Assert.That(await Store.Mailboxes.FindAsync("acme", "outbox", "a", s_none), Is.Null);
    }

    [Test]
    public async Task an_upload_becomes_a_message_in_one_step()
    {
        await Store.Mailboxes.AddAsync(File("order.part"), s_none);
        var submission = Sample.Outbound() with
        {
            Mailbox = [new MailboxChange("acme", Remove: ("outbox", "order.part"), Add: new NewMailboxFile("outbox", "order.edi", Sample.Content("ISA*00*")))],
        };
        await Store.Messages.SubmitAsync(submission, s_none);
        var file = (await Store.Mailboxes.ListAsync("acme", "outbox", s_none)).Single();
        Assert.That((file.Name, file.MessageId), Is.EqualTo(("order.edi", submission.Message.Id)));
        Assert.That((await Store.Mailboxes.FindAsync("acme", "outbox", "order.edi", s_none))!.Content.Inline, Is.Not.Null, "a file is found whole");
    }

    [Test]
    public async Task names_are_numbered_on_collision()
    {
        for (var i = 0; i < 12; i++)
            await Store.Messages.SubmitAsync(Sample.Outbound(), s_none);
        var names = (await Store.Mailboxes.ListAsync("acme", "outbox", s_none)).Select(f => f.Name);
        Assert.That(names, Is.EquivalentTo(Enumerable.Range(2, 11).Select(n => $"order-{n}.edi").Prepend("order.edi")));
    }

    [Test]
    public async Task a_gap_in_the_numbers_costs_no_file()
    {
        for (var i = 0; i < 6; i++)
            await Store.Messages.SubmitAsync(Sample.Outbound(), s_none);
        await Store.Mailboxes.RemoveAsync("acme", "outbox", "order-3.edi", s_none);
        await Store.Mailboxes.RemoveAsync("acme", "outbox", "order-4.edi", s_none);
        for (var i = 0; i < 6; i++)
            await Store.Messages.SubmitAsync(Sample.Outbound(), s_none);
        Assert.That(await Store.Mailboxes.ListAsync("acme", "outbox", s_none), Has.Count.EqualTo(10));
    }

    [Test]
    public async Task an_acknowledged_file_moves_from_outbox_to_sent_beside_its_receipt()
    {
        await Store.Messages.SubmitAsync(Sample.Outbound(), s_none);
        var submission = Sample.Outbound();
        await Store.Messages.SubmitAsync(submission, s_none);
        var step = Sample.Step(MessageState.Submitted, MessageState.Acknowledged) with
        {
            Mailbox =
            [
                new("acme", RemoveOfMessage: "outbox", Add: new NewMailboxFile("sent", "order.edi", Sample.Content("ISA*00*"))),
                new("acme", Add: new NewMailboxFile("receipts", "order.edi.mdn", Sample.Content("receipt"))),
            ],
        };
        Assert.That(await Store.Messages.ReconcileAsync(submission.Message.Id, step, s_none));

        Assert.That((await Store.Mailboxes.ListAsync("acme", "outbox", s_none)).Select(f => f.Name), Is.EqualTo(["order.edi"]), "the other message's file stays");
        var sent = (await Store.Mailboxes.ListAsync("acme", "sent", s_none)).Single();
        Assert.That((sent.Name, sent.MessageId, sent.Content.Sha256), Is.EqualTo(("order.edi", submission.Message.Id, Sample.Content("ISA*00*").Sha256)));
        Assert.That((await Store.Mailboxes.FindAsync("acme", "receipts", "order.edi.mdn", s_none))!.Content.Inline!.Value.Length, Is.EqualTo(7));
        Assert.That((await Store.Journal.GetAsync(submission.Message.Id, s_none))!.Payloads[0].Content.Inline, Is.Not.Null);
    }

    [Test]
    public async Task a_delivery_to_an_inbox_is_the_end_of_its_job()
    {
        await Store.Messages.AcceptAsync(Sample.Inbound(payload: "UNB"), s_none);
        var job = (await Store.Messages.ClaimAsync(JobKind.Deliver, 1, TimeSpan.FromMinutes(1), s_none)).Single();
        var step = Sample.Step(MessageState.Accepted, MessageState.Delivered) with
        {
            Mailbox = [new MailboxChange("acme", Add: new NewMailboxFile("inbox", "order.edi", Sample.Content("UNB")))],
        };
        Assert.That(await Store.Messages.ApplyAsync(job, step, s_none));
        Assert.That(await Store.Messages.ApplyAsync(job, step, s_none), Is.False, "a second worker delivers nothing");
        Assert.That(await Store.Mailboxes.ListAsync("acme", "inbox", s_none), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task a_file_that_must_be_there_and_is_gone_refuses_the_whole_step()
    {
        await Store.Mailboxes.AddAsync(File("order.tmp"), s_none);
        var first = Sample.Outbound() with { Mailbox = [new("acme", Remove: ("outbox", "order.tmp"), MustBeThere: true)] };
        var second = Sample.Outbound() with { Mailbox = first.Mailbox };
        await Store.Messages.SubmitAsync(first, s_none);
        Assert.That(async () => await Store.Messages.SubmitAsync(second, s_none), Throws.TypeOf<As2Exception>().With.Property("Id").EqualTo("AS2-STORE-013"));
        Assert.That(await Store.Journal.GetAsync(second.Message.Id, s_none), Is.Null);
        Assert.That(await Store.Messages.ClaimAsync(JobKind.Send, 10, TimeSpan.FromMinutes(1), s_none), Has.Count.EqualTo(1));
    }

    private static MailboxFile File(string name) => new("acme", "outbox", name, Sample.Content("content of " + name), default, null);
}
