using System.Net;
using As2.Agreements;
using As2.CertificateExchange;
using As2.Certificates;
using As2.Core.Tests.Walks;
using As2.Headers;
using As2.Payloads;
using As2.Routes;
using As2.Storage;
using As2.Testing;
using As2.Transmission;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace As2.Core.Tests.CertificateExchange;

/// <summary>One side of an exchange, composed as a host composes it; its posts reach the other side's receiver.</summary>
internal sealed class Party : IDisposable
{
    private readonly PartnershipBook _book = new();
    private readonly ICertificateSource _certificates;
    private readonly As2Sender _sender;
    private readonly ExchangeDispatch _dispatch;
    private readonly PayloadDelivery _delivery;
    private readonly TimeProvider _clock;

    public Party(string name, string partner, TimeProvider clock, Func<Partnership, Partnership> adapt, IExchangeStore? exchanges = null)
    {
        Agreement = adapt(new Partnership
        {
            Local = new As2Identifier(name), Partner = new As2Identifier(partner), Endpoint = new Uri($"http://{partner}.invalid/as2"), ContentType = "application/EDIFACT",
            Exchange = new ExchangeAgreement { Acceptance = ExchangeAcceptance.Ask, ResponseUrl = new Uri($"http://{name}.invalid/as2") },
        });
        _clock = clock;
        Exchanges = exchanges ?? new InMemoryExchangeStore();
        Store = new InMemoryStore(clock);
        var (options, seen) = (Options.Create(new As2Options { FailureGrid = TimeSpan.Zero }), new ExchangeBook(Exchanges));
        options.Value.DefaultRoutes.Add(HandlerDestination.RouteName);
        _certificates = new ExchangeCertificateSource(_book, seen);
        var (partners, storage) = (new PartnerServices(_book, _certificates), new StorageServices(Store, Store, Store));
        _sender = new As2Sender(partners, storage, new HttpTransport(new Wire(this)), options, clock, NullLogger<As2Sender>.Instance);
        Receiver = new As2Receiver(partners, storage, options, clock, NullLogger<As2Receiver>.Instance);
        Desk = new CertificateExchanges(Exchanges, partners, clock);
        _dispatch = new ExchangeDispatch((Exchanges, seen), _sender, partners, storage, clock, NullLogger<ExchangeDispatch>.Instance);
        IPayloadDestination[] routes = [new ExchangeDestination(new ExchangeIntake(Exchanges, seen, _certificates, clock), partners), new HandlerDestination(new Application(this))];
        _delivery = new PayloadDelivery(storage, routes, options, clock, NullLogger<PayloadDelivery>.Instance);
        Certificates = PartnershipCertificates.Of(TestKeys.Rsa(name), TestKeys.PublicOf(TestKeys.Rsa(partner)));
    }

    public Partnership Agreement { get; }

    public Party Other { get; set; } = null!;

    public IExchangeStore Exchanges { get; }

    public As2Receiver Receiver { get; }

    public PartnershipBook Book => _book;

    /// <summary>The payloads that reached the application, first part of each.</summary>
    public List<string> Inbox { get; } = [];

    /// <summary>What left, with the header fields of each message.</summary>
    public List<(HeaderFields Headers, byte[] Body)> Posts { get; } = [];

    /// <summary>Happens before a post reaches the other side.</summary>
    public Func<ValueTask>? BeforePost { get; set; }

    public PartnershipCertificates Certificates
    {
        get => _book.CertificatesOf(Agreement)!;
        set => _book.Add(Agreement, value);
    }

    public CertificateExchanges Desk { get; }

    public InMemoryStore Store { get; }

    public async Task<Exchange> OneAsync() => (await Exchanges.ListAsync(default)).Single();

    public async Task<IReadOnlyList<string>> AlertsAsync() => [.. (await Store.ListAlertsAsync(0, 100, default)).Select(a => a.Text)];

    public async Task<SendResult> SendAsync(string payload) => await _sender.SendAsync(Payload.FromBytes(System.Text.Encoding.UTF8.GetBytes(payload)), Agreement, default);

    /// <summary>Payloads as one message, whatever they are.</summary>
    public async Task<SendResult> SendAsync(params Payload[] payloads) => await _sender.SendAsync(payloads, Agreement, default);

    /// <summary>What this side uses now, with its own partner or with another.</summary>
    public async Task<IReadOnlyList<As2Certificate>> InUseAsync(CertificateRole role, Partnership? partnership = null)
        => await _certificates.SelectAsync(partnership ?? Agreement, role, _clock.GetUtcNow(), default);

    /// <summary>Everything that is due, until nothing is.</summary>
    /// <returns>True when there was something.</returns>
    public async Task<bool> WorkAsync()
    {
        await _dispatch.RunAsync(default);
        var worked = false;
        IReadOnlyList<Job> jobs;
        while ((jobs = [.. await ClaimAsync(JobKind.Send), .. await ClaimAsync(JobKind.Deliver)]).Count > 0)
        {
            worked = true;
            foreach (var job in jobs)
            {
                if (job.Kind == JobKind.Send)
                    await _sender.AttemptAsync(job, default);
                else
                    await _delivery.RunAsync(job, default);
            }
            await _dispatch.RunAsync(default);
        }
        return worked;
    }

    public void Dispose()
    {
        _sender.Dispose();
        Store.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    private ValueTask<IReadOnlyList<Job>> ClaimAsync(JobKind kind) => Store.ClaimAsync(kind, 10, TimeSpan.FromMinutes(1), default);

    private sealed class Application(Party party) : IPayloadHandler
    {
        public async ValueTask HandleAsync(ReceivedMessage message, CancellationToken cancellationToken)
        {
            await using var content = await message.OpenAsync(cancellationToken);
            using var reader = new StreamReader(content);
            party.Inbox.Add(await reader.ReadToEndAsync(cancellationToken));
        }
    }

    private sealed class Wire(Party party) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var body = await request.Content!.ReadAsByteArrayAsync(cancellationToken);
            var headers = TwoParties.Headers(request.Headers.NonValidated.Concat(request.Content.Headers.NonValidated)
                .SelectMany(h => h.Value.Select(v => KeyValuePair.Create(h.Key, v))));
            party.Posts.Add((headers, body));
            if (party.BeforePost is { } before)
                await before();
            var result = await party.Other.Receiver.ReceiveAsync(
                new As2Request { Headers = headers, Body = new MemoryStream(body), ContentLength = body.Length }, cancellationToken);
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

/// <summary>Two parties that exchange certificates.</summary>
internal sealed class ExchangingParties : IDisposable
{
    public const string NewName = "alice of next year";

    public ExchangingParties(Func<Partnership, Partnership>? adaptAlice = null, Func<Partnership, Partnership>? adaptBob = null, IExchangeStore? alices = null, IExchangeStore? bobs = null)
    {
        Alice = new Party("alice", "bob", Time, adaptAlice ?? (p => p), alices);
        Bob = new Party("bob", "alice", Time, adaptBob ?? (p => p), bobs) { Other = Alice };
        Alice.Other = Bob;
    }

    public ManualTime Time { get; } = new();

    public Party Alice { get; }

    public Party Bob { get; }

    /// <summary>Alice's certificate to come.</summary>
    public As2Certificate New { get; } = TestKeys.Rsa(NewName);

    /// <summary>Alice has the new certificate in her settings and offers it.</summary>
    public async Task<Exchange> OfferAsync(ExchangeOffer? offer = null)
    {
        Alice.Certificates = Alice.Certificates with { Offer = [New] };
        var exchange = await Alice.Desk.OfferAsync(Alice.Agreement.Local, Alice.Agreement.Partner, offer, default);
        await SettleAsync();
        return exchange;
    }

    /// <summary>Bob decides about the one offer that he has.</summary>
    public async Task DecideAsync(bool accept, string? reason = null)
    {
        await Bob.Desk.DecideAsync((await Bob.OneAsync()).Id, accept, reason, default);
        await SettleAsync();
    }

    /// <summary>Until nobody has anything to do.</summary>
    public async Task SettleAsync()
    {
        while (await Alice.WorkAsync() | await Bob.WorkAsync())
        {
        }
    }

    public void Dispose()
    {
        Alice.Dispose();
        Bob.Dispose();
    }
}
