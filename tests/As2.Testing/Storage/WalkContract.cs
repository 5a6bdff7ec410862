using System.Net;
using System.Security.Cryptography;
using As2.Agreements;
using As2.Headers;
using As2.Routes;
using As2.Storage;
using As2.Transmission;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace As2.Testing.Storage;

/// <summary>
/// The whole way of a message over any store: taken once, packed, posted, received, answered, delivered into a mailbox. The first call
/// on the store or on its blobs fails, then the second, and so on until a run is clean; every time it arrives once.
/// </summary>
public abstract class WalkContract : StoreContract
{
    private const int Most = 500, MostRounds = 12;

    [Test]
    public async Task whichever_call_fails_a_message_arrives_once([Values] bool isDoneFirst, [Values] bool isAsynchronous, [Values] bool isDeliveredAtOnce)
    {
        var failing = 1;
        for (; ; failing++)
        {
            var nth = new NthStoreCall(failing, isDoneFirst);
            using var walk = new Walk(Store, nth, Time, failing, (isAsynchronous, isDeliveredAtOnce));
            await walk.RunAsync(MostRounds).ConfigureAwait(false);
            await walk.AssertOnceAsync($"call {failing}, {nth.Name}").ConfigureAwait(false);
            if (!nth.HasFailed || failing == Most)
                break;
        }
        TestContext.Out.WriteLine($"{failing - 1} calls failed, one after another");
        Assert.That(failing, Is.InRange(15, Most - 1));
    }

    /// <summary>Alice and Bob in one gateway: the same store is on both ends of the wire. Each run has a pair of its own.</summary>
    private sealed class Walk : IDisposable
    {
        // More than a row takes: it goes through the blobs.
        private readonly byte[] _content = RandomNumberGenerator.GetBytes(StoredContent.MaxInlineBytes + 20_000);
        private readonly As2Identifier _alice, _bob;
        private readonly StoreUnderTest _store;
        private readonly StorageServices _failing;
        private readonly ManualTime _time;
        private readonly Partnership _agreement;
        private readonly As2Sender _sender;
        private readonly PayloadDelivery _delivery;
        private readonly ReceiptDispatch _receipts;
        private readonly HttpTransport _transport;

        public Walk(StoreUnderTest store, NthStoreCall nth, ManualTime time, int number, (bool IsAsynchronous, bool IsDeliveredAtOnce) way)
        {
            (_store, _time, _alice, _bob) = (store, time, new($"Alice {number}"), new($"Bob {number}"));
            _failing = new StorageServices(new FailingMessages(store.Messages, nth), new FailingJournal(store.Journal, nth), new FailingBlobs(store.Blobs, nth));
            _agreement = new Partnership
            {
                Local = _alice,
                Partner = _bob,
                Endpoint = new Uri("http://bob.invalid/as2"),
                Receipt = new ReceiptAgreement { AsynchronousUrl = way.IsAsynchronous ? new Uri("http://alice.invalid/as2") : null },
            };
            var (alice, bob) = (TestKeys.Rsa("Alice"), TestKeys.Rsa("Bob"));
            var book = new PartnershipBook()
                .Add(_agreement, PartnershipCertificates.Of(alice, bob))
                .Add(new Partnership { Local = _bob, Partner = _alice, Endpoint = new Uri("http://alice.invalid/as2"), Routes = [MailboxDestination.Prefix + _bob.Value] }, PartnershipCertificates.Of(bob, alice));
            var (partners, options) = (new PartnerServices(book, book), Options.Create(new As2Options { FailureGrid = TimeSpan.Zero }));
            var mailbox = new MailboxDestination(_bob.Value);
            var receiver = new As2Receiver(
                partners, _failing, options, time, NullLogger<As2Receiver>.Instance, way.IsDeliveredAtOnce ? new PayloadRoutes([mailbox]) : null);
            _transport = new HttpTransport(new Wire(receiver));
            _sender = new As2Sender(partners, _failing, _transport, options, time, NullLogger<As2Sender>.Instance);
            _delivery = new PayloadDelivery(_failing, [mailbox], options, time, NullLogger<PayloadDelivery>.Instance);
            _receipts = new ReceiptDispatch(partners, _failing, _transport, options, time, NullLogger<ReceiptDispatch>.Instance);
        }

        /// <summary>Submits, and works like the workers of a host until nothing is due for long.</summary>
        public async Task RunAsync(int rounds)
        {
            for (var isTaken = false; !isTaken;)
                isTaken = await TryAsync(SubmitAsync).ConfigureAwait(false);
            for (var (round, quiet) = (0, 0); round < rounds && quiet < 2; round++, _time.Advance(TimeSpan.FromMinutes(75)))
            {
                var isBusy = await WorkAsync(JobKind.Send, async job => await _sender.AttemptAsync(job, default).ConfigureAwait(false)).ConfigureAwait(false)
                    | await WorkAsync(JobKind.SendReceipt, job => _receipts.RunAsync(job, default)).ConfigureAwait(false)
                    | await WorkAsync(JobKind.Deliver, job => _delivery.RunAsync(job, default)).ConfigureAwait(false);
                quiet = isBusy ? 0 : quiet + 1;
            }
        }

        public async Task AssertOnceAsync(string when)
        {
            IReadOnlyList<MessageSummary> messages =
            [
                .. await _store.Journal.ListAsync(new MessageQuery { Local = _alice }, default).ConfigureAwait(false),
                .. await _store.Journal.ListAsync(new MessageQuery { Local = _bob }, default).ConfigureAwait(false),
            ];
            Assert.That(messages.Select(m => (m.Key.Direction, m.State)), Is.EquivalentTo(new[]
            {
                (MessageDirection.Outbound, MessageState.Acknowledged), (MessageDirection.Inbound, MessageState.Delivered),
            }), when);
            var files = await _store.Mailboxes.ListAsync(_bob.Value, MailboxFolder.Inbox, default).ConfigureAwait(false);
            Assert.That(files.Select(f => f.Content.Sha256), Is.EqualTo(new[] { Convert.ToHexStringLower(SHA256.HashData(_content)) }), when);
            foreach (var kind in Enum.GetValues<JobKind>())
                Assert.That(await _store.Messages.ClaimAsync(kind, 10, TimeSpan.FromMinutes(1), default).ConfigureAwait(false), Is.Empty, $"{when}: a job is left");
        }

        public void Dispose()
        {
            _sender.Dispose();
            _transport.Dispose();
        }

        private async Task SubmitAsync()
        {
            var writer = _failing.Blobs.Create(_content.Length);
            await using var _ = writer.ConfigureAwait(false);
            writer.Push(_content);
            var payload = new StoredPayload(await writer.CommitAsync(default).ConfigureAwait(false), "application/edifact", "order.edi");
            await _sender.SubmitOnceAsync("order of " + _alice.Value, payload, null, _agreement, default).ConfigureAwait(false);
        }

        // False: nothing was due.
        private async Task<bool> WorkAsync(JobKind kind, Func<Job, ValueTask> work)
        {
            IReadOnlyList<Job> jobs = [];
            var isClaimed = await TryAsync(async () => jobs = await _failing.Messages.ClaimAsync(kind, 10, TimeSpan.FromMinutes(1), default).ConfigureAwait(false)).ConfigureAwait(false);
            foreach (var job in jobs)
                await TryAsync(async () => await work(job).ConfigureAwait(false)).ConfigureAwait(false);
            return !isClaimed || jobs.Count > 0;
        }

        // What the host's workers do with a store in trouble: log it, and come again.
        private static async Task<bool> TryAsync(Func<Task> work)
        {
            try
            {
                await work().ConfigureAwait(false);
                return true;
            }
            catch (As2Exception fault) when (fault.Id == "AS2-STORE-006")
            {
                return false;
            }
        }
    }

    /// <summary>Posts reach the receiver; one that throws has broken the connection.</summary>
    private sealed class Wire(As2Receiver receiver) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var body = await request.Content!.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
            var headers = new HeaderFields();
            foreach (var (name, values) in request.Headers.NonValidated.Concat(request.Content.Headers.NonValidated))
            {
                foreach (var value in values)
                    headers.Add(name, value);
            }
            ReceiveResult result;
            try
            {
                result = await receiver.ReceiveAsync(new As2Request { Headers = headers, Body = new MemoryStream(body), ContentLength = body.Length }, cancellationToken).ConfigureAwait(false);
            }
            catch (As2Exception fault)
            {
                throw new HttpRequestException(HttpRequestError.ResponseEnded, fault.Message);
            }
            var answer = new HttpResponseMessage((HttpStatusCode)result.StatusCode) { Content = new ReadOnlyMemoryContent(result.Body) };
            foreach (var (name, value) in result.Headers)
            {
                if (!answer.Headers.TryAddWithoutValidation(name, value))
                    answer.Content.Headers.TryAddWithoutValidation(name, value);
            }
            return answer;
        }
    }
}
