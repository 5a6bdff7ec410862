using System.Net;
using As2.Agreements;
using As2.Storage;
using As2.Testing;
using As2.Testing.Storage;
using As2.Transmission;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace As2.Core.Tests.Transmission;

public sealed class ReceiptDispatchTests
{
    private readonly ManualTime _time = new();

    [Test]
    public async Task a_partner_that_takes_no_receipts_is_left_alone_and_gets_all_of_them_later()
    {
        await using var store = new InMemoryStore(_time);
        var partner = new Partner();
        using var transport = new HttpTransport(partner);
        var book = new PartnershipBook().Add(new Partnership { Local = Sample.Us, Partner = Sample.Partner }, new PartnershipCertificates());
        var dispatch = new ReceiptDispatch(
            new PartnerServices(book, book), new StorageServices(store, store, store), transport, Options.Create(new As2Options()), _time,
            NullLogger<ReceiptDispatch>.Instance);
        for (var i = 0; i < 20; i++)
            await store.AcceptAsync(Sample.Inbound() with { Jobs = [new NewJob(JobKind.SendReceipt)] }, default);
        await WorkAsync();
        Assert.That(partner.Posts, Is.EqualTo(5), "five failures in a row open the circuit");

        partner.Answer = HttpStatusCode.OK;
        _time.Advance(TimeSpan.FromSeconds(16));
        await WorkAsync();
        Assert.That(partner.Posts, Is.GreaterThan(5), "the probe went well, and the others followed");
        for (var i = 0; i < 3; i++)
        {
            _time.Advance(TimeSpan.FromMinutes(61));
            await WorkAsync();
        }
        Assert.That(partner.Posts, Is.EqualTo(25));
        Assert.That(await store.ClaimAsync(JobKind.SendReceipt, 100, TimeSpan.FromMinutes(1), default), Is.Empty);

        async Task WorkAsync()
        {
            foreach (var job in await store.ClaimAsync(JobKind.SendReceipt, 100, TimeSpan.FromMinutes(1), default))
                await dispatch.RunAsync(job, default);
        }
    }

    private sealed class Partner : HttpMessageHandler
    {
        public HttpStatusCode? Answer { get; set; }

        public int Posts { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Posts++;
            return Task.FromResult(new HttpResponseMessage(Answer ?? throw new HttpRequestException(HttpRequestError.ConnectionError, "refused")));
        }
    }
}
