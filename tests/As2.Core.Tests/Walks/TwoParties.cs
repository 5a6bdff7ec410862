using System.Net;
using As2.Agreements;
using As2.Certificates;
using As2.Headers;
using As2.Storage;
using As2.Testing;
using As2.Transmission;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace As2.Core.Tests.Walks;

/// <summary>Two parties that trade with each other in one process: a sender whose posts reach the other's receiver.</summary>
internal sealed class TwoParties : IDisposable
{
    public static readonly As2Identifier Alice = new("Alice");
    public static readonly As2Identifier Bob = new("Bob");

    /// <summary>So many steps of messages may wait for Bob's keys.</summary>
    public const int MaxWaiting = 16;

    private readonly PartnershipBook _alices = new();
    private readonly PartnershipBook _bobs = new();

    public TwoParties(Func<Partnership, Partnership>? adapt = null, Func<Partnership, Partnership>? adaptBob = null, TimeProvider? clock = null)
    {
        var time = clock ?? TimeProvider.System;
        var (alice, bob) = (Keys("Alice"), Keys("Bob"));
        var agreed = new Partnership { Local = Alice, Partner = Bob, Endpoint = new Uri("http://bob.invalid/as2"), ContentType = "application/EDIFACT" };
        Agreement = adapt?.Invoke(agreed) ?? agreed;
        _alices.Add(Agreement, PartnershipCertificates.Of(alice, bob));
        var mirrored = new Partnership
        {
            Local = Bob,
            Partner = Alice,
            Endpoint = new Uri("http://alice.invalid/as2"),
            Receiving = new SecurityRequirements { RequireSigned = Agreement.Sending.Sign, RequireEncrypted = Agreement.Sending.Encrypt },
        };
        BobsBook = _bobs;
        _bobs.Add(adaptBob?.Invoke(mirrored) ?? mirrored, PartnershipCertificates.Of(bob, alice));
        AliceStore = new InMemoryStore(time);
        BobStore = new InMemoryStore(time);
        Receiver = NewReceiver(_bobs, BobStore, time, BobHealth, BobKeys);
        AliceReceiver = NewReceiver(_alices, AliceStore, time);
        Sender = NewSender(_alices, AliceStore, time, new Wire(this));
        Receipts = new ReceiptDispatch(new PartnerServices(_bobs, _bobs), Services(BobStore), new HttpTransport(new Wire(this)), Settings(), time, NullLogger<ReceiptDispatch>.Instance);
    }

    public Partnership Agreement { get; }

    public PartnershipBook AlicesBook => _alices;

    public PartnershipBook BobsBook { get; }

    /// <summary>Bob's store takes work unless this says why not.</summary>
    public StubHealth BobHealth { get; } = new();

    /// <summary>Bounds Bob's private-key operations.</summary>
    public PrivateKeyQueue BobKeys { get; } = new(MaxWaiting);

    public InMemoryStore AliceStore { get; }

    public InMemoryStore BobStore { get; }

    public As2Sender Sender { get; }

    public As2Receiver Receiver { get; }

    public As2Receiver AliceReceiver { get; }

    public ReceiptDispatch Receipts { get; }

    /// <summary>Changes a request on its way: headers and body.</summary>
    public Func<HeaderFields, byte[], (HeaderFields Headers, byte[] Body)>? Tamper { get; set; }

    /// <summary>What happens instead of, or after, an answer on its way back.</summary>
    public Func<HttpResponseMessage, HttpResponseMessage>? TamperAnswer { get; set; }

    /// <summary>The requests that reached Bob.</summary>
    public List<(HeaderFields Headers, byte[] Body)> Requests { get; } = [];

    /// <summary>The answers of Bob.</summary>
    public List<ReceiveResult> Answers { get; } = [];

    public static As2Certificate Keys(string name) => TestKeys.Rsa(name);

    public static HeaderFields Headers(IEnumerable<KeyValuePair<string, string>> fields)
    {
        var headers = new HeaderFields();
        foreach (var (name, value) in fields)
            headers.Add(name, value);
        return headers;
    }

    public static async Task<byte[]> ReadAsync(InMemoryStore store, StoredContent content)
    {
        await using var stream = await store.OpenReadAsync(content, default);
        using var copy = new MemoryStream();
        await stream.CopyToAsync(copy);
        return copy.ToArray();
    }

    public static byte[] OctetsOf(WireMessage wire) => wire.Body.Inline!.Value.ToArray();

    public void Dispose()
    {
        Sender.Dispose();
        AliceStore.DisposeAsync().AsTask().GetAwaiter().GetResult();
        BobStore.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    private static StorageServices Services(InMemoryStore store) => new(store, store, store);

    private static IOptions<As2Options> Settings() => Options.Create(new As2Options { FailureGrid = TimeSpan.Zero });

    private static As2Receiver NewReceiver(PartnershipBook book, InMemoryStore store, TimeProvider time, IStoreHealth? health = null, PrivateKeyQueue? keys = null)
        => new(new PartnerServices(book, book, keys), Services(store) with { Health = health }, Settings(), time, NullLogger<As2Receiver>.Instance);

    private static As2Sender NewSender(PartnershipBook book, InMemoryStore store, TimeProvider time, HttpMessageHandler wire)
        => new(new PartnerServices(book, book), Services(store), new HttpTransport(wire), Settings(), time, NullLogger<As2Sender>.Instance);

    internal sealed class StubHealth : IStoreHealth
    {
        public string? Reason { get; set; }

        public StoreHealth Check() => new(Reason, TimeSpan.FromSeconds(30));
    }

    private sealed class Wire(TwoParties parties) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var body = await request.Content!.ReadAsByteArrayAsync(cancellationToken);
            var headers = Headers(request.Headers.NonValidated.Concat(request.Content.Headers.NonValidated)
                .SelectMany(h => h.Value.Select(v => KeyValuePair.Create(h.Key, v))));
            if (parties.Tamper is { } tamper)
                (headers, body) = tamper(headers, body);
            var toBob = request.RequestUri!.Host.StartsWith("bob", StringComparison.Ordinal);
            if (toBob)
                parties.Requests.Add((headers, body));
            var result = await (toBob ? parties.Receiver : parties.AliceReceiver).ReceiveAsync(
                new As2Request { Headers = headers, Body = new MemoryStream(body), ContentLength = body.Length }, cancellationToken);
            if (toBob)
                parties.Answers.Add(result);
            var answer = new HttpResponseMessage((HttpStatusCode)result.StatusCode) { Content = new ReadOnlyMemoryContent(result.Body) };
            foreach (var (name, value) in result.Headers)
            {
                if (!answer.Headers.TryAddWithoutValidation(name, value))
                    answer.Content.Headers.TryAddWithoutValidation(name, value);
            }
            return parties.TamperAnswer?.Invoke(answer) ?? answer;
        }
    }
}
