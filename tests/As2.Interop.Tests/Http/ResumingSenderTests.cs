using System.Net;
using System.Text;
using As2.Agreements;
using As2.Payloads;
using As2.Storage;
using As2.Testing;
using As2.Transmission;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace As2.Interop.Tests.Http;

/// <summary>The sender's side of resumed transfers, over a wire that breaks.</summary>
public sealed class ResumingSenderTests
{
    private const int PayloadBytes = 4 << 20;
    private static readonly RetrySchedule s_soon = new() { Waits = [TimeSpan.FromMilliseconds(1)], Jitter = 0 };

    private InMemoryStore _store = null!;
    private byte[] _payload = null!;

    [SetUp]
    public void Make()
    {
        _store = new InMemoryStore(TimeProvider.System);
        _payload = new byte[PayloadBytes];
        Random.Shared.NextBytes(_payload);
    }

    [TearDown]
    public void Dispose() => _store.Dispose();

    [Test]
    [Rfc("draft-harding-as2-restart-07", "resumption")]
    public async Task a_large_message_that_was_cut_somewhere_sends_the_rest_alone()
    {
        await using var endpoint = await Endpoint.StartAsync(Sealed.AtBob(), Sealed.CertificatesOfBob);
        await using var wire = new CuttingProxy(endpoint.Port) { CutAfter = Random.Shared.Next(3 << 20, 4 << 20) };
        using var sender = Sender(wire.Port, restartFrom: 1 << 20, out var agreement);

        var first = await sender.SendAsync(Payload.FromBytes(_payload, "big.bin"), agreement, default);
        Assert.That(first.State, Is.EqualTo(MessageState.RetryWait), first.Reason);
        wire.CutAfter = long.MaxValue;
        var second = await AgainAsync(sender);

        Assert.That(second.State, Is.EqualTo(MessageState.Acknowledged), second.Reason);
        Assert.That((await endpoint.ReceivedAsync()).Content, Is.EqualTo(_payload));
        Assert.That(second.MessageId, Is.EqualTo(first.MessageId));
        Assert.That(wire.Passed.Skip(1).Sum(), Is.LessThan(PayloadBytes * 2 / 3), "what the partner holds is not sent again");
        Assert.That(endpoint.Partials, Is.Empty);
    }

    [Test]
    public async Task without_the_agreement_a_message_is_sent_whole_and_names_no_transfer()
    {
        await using var endpoint = await Endpoint.StartAsync(Sealed.AtBob(), Sealed.CertificatesOfBob);
        await using var wire = new CuttingProxy(endpoint.Port) { CutAfter = 3 << 20 };
        using var sender = Sender(wire.Port, restartFrom: null, out var agreement);
        await sender.SendAsync(Payload.FromBytes(_payload, "big.bin"), agreement, default);
        Assert.That(endpoint.Partials, Is.Empty);
        wire.CutAfter = long.MaxValue;
        Assert.That((await AgainAsync(sender)).State, Is.EqualTo(MessageState.Acknowledged));
        Assert.That(wire.Passed[^1], Is.GreaterThan(PayloadBytes));
    }

    [TestCase("page", Description = "a page of some length at the same address")]
    [TestCase("405")]
    [TestCase("nothing", Description = "200 and nothing held")]
    [TestCase("odd", Description = "more than there is")]
    [Rfc("draft-harding-as2-restart-07", "query")]
    public async Task a_server_that_does_not_know_of_restarts_gets_the_whole_message(string kind)
    {
        await using var server = await Legacy.StartAsync(kind);
        using var sender = Sender(server.Port, restartFrom: 0, out var agreement);
        await sender.SendAsync(Payload.FromBytes(_payload.AsMemory(0, 200_000), "big.bin"), agreement, default);
        await AgainAsync(sender);
        Assert.That(server.Ranges, Is.All.Null);
        Assert.That(server.Lengths, Has.Count.EqualTo(2));
        Assert.That(server.Lengths[1], Is.EqualTo(server.Lengths[0]));
    }

    [Test]
    public async Task a_partner_that_lost_its_part_gets_the_whole_message()
    {
        await using var server = await Legacy.StartAsync("lost");
        using var sender = Sender(server.Port, restartFrom: 0, out var agreement);
        await sender.SendAsync(Payload.FromBytes(_payload.AsMemory(0, 200_000), "big.bin"), agreement, default);
        await AgainAsync(sender);
        Assert.That(server.Ranges, Has.Count.EqualTo(3));
        Assert.That(server.Ranges[1], Does.StartWith("bytes 1000-"));
        Assert.That(server.Ranges[2], Is.Null);
    }

    [Test]
    [Rfc("draft-harding-as2-restart-07", "resumption")]
    public async Task a_partner_that_holds_every_octet_gets_the_last_one_again()
    {
        await using var server = await Legacy.StartAsync("all");
        using var sender = Sender(server.Port, restartFrom: 0, out var agreement);
        await sender.SendAsync(Payload.FromBytes(_payload.AsMemory(0, 200_000), "big.bin"), agreement, default);
        await AgainAsync(sender);
        Assert.That((server.Lengths[1], server.Ranges[1]), Is.EqualTo((1L, $"bytes {server.Lengths[0] - 1}-{server.Lengths[0] - 1}/{server.Lengths[0]}")));
    }

    private As2Sender Sender(int port, long? restartFrom, out Partnership agreement)
    {
        agreement = new Partnership
        {
            Local = new("Alice"), Partner = new("Bob"), Endpoint = new Uri($"http://127.0.0.1:{port}/as2"), RestartFrom = restartFrom, Retry = s_soon,
        };
        var book = new PartnershipBook().Add(agreement, PartnershipCertificates.Of(Sealed.Alice, TestKeys.PublicOf(Sealed.Bob)));
        return new As2Sender(new PartnerServices(book, book), new StorageServices(_store, _store, _store), new HttpTransport(),
            Options.Create(new As2Options()), TimeProvider.System, NullLogger<As2Sender>.Instance);
    }

    private async Task<SendResult> AgainAsync(As2Sender sender)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            if (await _store.ClaimAsync(JobKind.Send, 1, TimeSpan.FromMinutes(1), limit.Token) is [var job])
                return await sender.AttemptAsync(job, limit.Token);
            await Task.Delay(10, limit.Token);
        }
    }

    /// <summary>A server of another make, which takes posts and answers 503, and HEAD as its kind says.</summary>
    private sealed class Legacy(WebApplication app) : IAsyncDisposable
    {
        private string? _tag;

        public List<string?> Ranges { get; } = [];

        public List<long> Lengths { get; } = [];

        public int Port => new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Port;

        public static async Task<Legacy> StartAsync(string kind)
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.ConfigureKestrel(o => o.Listen(IPAddress.Loopback, 0));
            var app = builder.Build();
            var server = new Legacy(app);
            app.MapPost("/as2", server.TakeAsync);
            if (kind != "405")
                app.MapMethods("/as2", [HttpMethods.Head], context => server.Answer(context, kind));
            await app.StartAsync();
            return server;
        }

        public ValueTask DisposeAsync() => app.DisposeAsync();

        private async Task TakeAsync(HttpContext context)
        {
            var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            _tag = context.Request.Headers.ETag;
            Ranges.Add((string?)context.Request.Headers.ContentRange);
            Lengths.Add(body.Length);
            context.Response.StatusCode = Ranges[^1] is null ? 503 : 416;
        }

        private Task Answer(HttpContext context, string kind)
        {
            var isOurs = context.Request.Headers.ETag == _tag;
            context.Response.ContentLength = kind switch
            {
                "page" => 1000,
                "odd" when isOurs => long.MaxValue,
                "lost" when isOurs => 1000,
                "all" when isOurs => Lengths[0],
                _ => 0,
            };
            return Task.CompletedTask;
        }
    }
}
