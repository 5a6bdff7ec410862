using System.Net;
using As2.Agreements;
using As2.Payloads;
using As2.Storage;
using As2.Testing;
using As2.Transmission;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace As2.Core.Tests.Transmission;

/// <summary>A sender under a clock of the test, and a partner that answers what the test says.</summary>
internal sealed class SendingWorld : IDisposable
{
    private readonly PartnershipBook _book = new();
    private int _posts;

    public SendingWorld()
    {
        Agreement = new Partnership
        {
            Local = new As2Identifier("Alice"), Partner = new As2Identifier("Bob"), Endpoint = new Uri("http://bob.invalid/as2"),
            Receipt = new ReceiptAgreement { Requirement = ReceiptRequirement.None },
        };
        Give(PartnershipCertificates.Of(TestKeys.Rsa("Alice"), TestKeys.Rsa("Bob")));
        Store = new InMemoryStore(Time);
        var (partners, storage, options) = (new PartnerServices(_book, _book), new StorageServices(Store, Store, Store), Options.Create(new As2Options()));
        Sender = new As2Sender(partners, storage, new HttpTransport(new Bob(this)), options, Time, NullLogger<As2Sender>.Instance);
        Operations = new MessageOperations(partners, storage, options, Time);
    }

    public ManualTime Time { get; } = new();

    public Partnership Agreement { get; }

    public InMemoryStore Store { get; }

    public As2Sender Sender { get; }

    public MessageOperations Operations { get; }

    /// <summary>What Bob answers; null: the connection breaks.</summary>
    public HttpStatusCode? Answer { get; set; } = HttpStatusCode.OK;

    /// <summary>Bob answers nothing before this ends.</summary>
    public Task Hanging { get; set; } = Task.CompletedTask;

    /// <summary>How often Bob was asked.</summary>
    public int Posts => _posts;

    /// <summary>Puts Alice's keys and certificates for Bob in the place of those she has.</summary>
    public void Give(PartnershipCertificates certificates) => _book.Add(Agreement, certificates);

    public ValueTask<string> SubmitAsync(string text = "order") => SubmitAsync(System.Text.Encoding.UTF8.GetBytes(text));

    public ValueTask<string> SubmitAsync(byte[] content) => Sender.SubmitAsync(Payload.FromBytes(content, "order.edi"), Agreement, default);

    /// <summary>Attempts everything that is due.</summary>
    public async Task<IReadOnlyList<SendResult>> WorkAsync()
    {
        var results = new List<SendResult>();
        foreach (var job in await Store.ClaimAsync(JobKind.Send, 100, TimeSpan.FromMinutes(1), default))
            results.Add(await Sender.AttemptAsync(job, default));
        return results;
    }

    public async Task<IReadOnlyList<string>> AlertsAsync() => [.. (await Store.ListAlertsAsync(0, 100, default)).Select(e => e.Text)];

    public void Dispose()
    {
        Sender.Dispose();
        Store.Dispose();
    }

    private sealed class Bob(SendingWorld world) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref world._posts);
            await world.Hanging;
            return new HttpResponseMessage(world.Answer ?? throw new HttpRequestException(HttpRequestError.ConnectionError, "refused"));
        }
    }
}
