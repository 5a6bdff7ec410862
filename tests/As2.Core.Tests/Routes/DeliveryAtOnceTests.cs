using As2.Agreements;
using As2.Core.Tests.Walks;
using As2.Headers;
using As2.Layers;
using As2.Routes;
using As2.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace As2.Core.Tests.Routes;

/// <summary>What the accepting commit delivers by itself, and what it leaves to the workers.</summary>
public sealed class DeliveryAtOnceTests
{
    private const string Mailbox = MailboxDestination.Prefix + "acme";

    [TestCase(new[] { Mailbox }, MessageState.Delivered, 1, new string[0])]
    [TestCase(new[] { Mailbox, "application" }, MessageState.Accepted, 1, new[] { "application" })]
    [TestCase(new[] { "application" }, MessageState.Accepted, 0, new[] { "application" })]
    [TestCase(new[] { Mailbox, "mailbox:nobody" }, MessageState.Accepted, 1, new[] { "mailbox:nobody" })]
    [TestCase(new[] { "mailbox:broken" }, MessageState.Accepted, 0, new[] { "mailbox:broken" })]
    public async Task a_mailbox_has_its_files_with_the_commit_and_other_routes_a_job(string[] routes, MessageState state, int files, string[] jobs)
    {
        await using var store = new InMemoryStore();

        var result = await ReceiveAsync(store, routes);

        Assert.That(result.Outcome, Is.EqualTo(ReceiveOutcome.Accepted), result.Diagnosis);
        var message = await store.GetAsync(result.Id!, default);
        Assert.That(message!.State, Is.EqualTo(state));
        var inbox = await store.ListAsync("acme", MailboxFolder.Inbox, default);
        Assert.That(inbox.Select(f => (f.Name, f.MessageId, f.Content.Sha256)), Is.EqualTo(Enumerable.Repeat(("order.edi", message.Id, message.Payloads[0].Content.Sha256), files)));
        var left = await store.ClaimAsync(JobKind.Deliver, 10, TimeSpan.FromMinutes(1), default);
        Assert.That(left.Select(j => j.Route), Is.EqualTo(jobs));
        var told = (await store.GetHistoryAsync(message.Id, default)).Select(e => e.Kind);
        Assert.That(told.Count(kind => kind == "delivered"), Is.EqualTo(files));
    }

    [Test]
    public async Task a_message_that_comes_again_is_not_in_the_mailbox_twice()
    {
        await using var store = new InMemoryStore();

        await ReceiveAsync(store, [Mailbox], "<1@alice>");
        var again = await ReceiveAsync(store, [Mailbox], "<1@alice>");

        Assert.That(again.Outcome, Is.EqualTo(ReceiveOutcome.Duplicate));
        Assert.That(await store.ListAsync("acme", MailboxFolder.Inbox, default), Has.Count.EqualTo(1));
    }

    private static async Task<ReceiveResult> ReceiveAsync(InMemoryStore store, string[] routes, string id = "<0@alice>")
    {
        var book = new PartnershipBook().Add(
            new Partnership { Local = TwoParties.Bob, Partner = TwoParties.Alice, Routes = routes, Receiving = new SecurityRequirements { RequireSigned = false, RequireEncrypted = false } },
            PartnershipCertificates.Of(TwoParties.Keys("Bob"), TwoParties.Keys("Alice")));
        var receiver = new As2Receiver(
            new PartnerServices(book, book), new StorageServices(store, store, store), Options.Create(new As2Options()), TimeProvider.System,
            NullLogger<As2Receiver>.Instance, new PayloadRoutes([new MailboxDestination("acme")], new Lookup()));
        var headers = new HeaderFields
        {
            { As2HeaderNames.As2From, "Alice" }, { As2HeaderNames.As2To, "Bob" }, { As2HeaderNames.MessageId, id }, { As2HeaderNames.ContentType, "application/edifact" },
            { As2HeaderNames.ContentDisposition, "attachment; filename=order.edi" },
        };
        return await receiver.ReceiveAsync(new As2Request { Headers = headers, Body = new MemoryStream("UNA:+.? '"u8.ToArray()) }, default);
    }

    private sealed class Lookup : IPayloadDestinationLookup
    {
        public IPayloadDestination? Find(string name) => name == "mailbox:broken" ? throw new As2Exception("AS2-ROUTE-001", "no good pattern") : null;
    }
}
