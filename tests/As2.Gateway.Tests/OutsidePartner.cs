using System.Collections.Concurrent;
using As2.Agreements;
using As2.AspNetCore;
using As2.Certificates;
using As2.Headers;
using As2.Storage;
using As2.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace As2.Gateway.Tests;

/// <summary>A trading partner of its own process's making: a real Kestrel, an in-memory store, and everything that reached it.</summary>
internal sealed class OutsidePartner : IAsyncDisposable
{
    private readonly WebApplication _app;

    private OutsidePartner(WebApplication app) => _app = app;

    public static As2Certificate Theirs => TestKeys.Rsa("THEM");

    public static As2Certificate Ours => TestKeys.Rsa("US");

    /// <summary>Where it takes messages.</summary>
    public Uri Endpoint => new(_app.Urls.First() + "/as2");

    /// <summary>The bodies that it was sent, as they came.</summary>
    public ConcurrentQueue<byte[]> Bodies { get; } = new();

    /// <summary>Keeps bodies only when a test looks at them.</summary>
    public bool KeepsBodies { get; set; }

    /// <summary>What it holds.</summary>
    public InMemoryStore Store => _app.Services.GetRequiredService<InMemoryStore>();

    /// <summary>Starts it.</summary>
    /// <param name="ours">What it knows of us. Default: <see cref="Ours"/>.</param>
    public static async Task<OutsidePartner> StartAsync(As2Certificate? ours = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddAs2();
        builder.Services.AddSingleton(new PartnershipBook().Add(
            new Partnership { Local = new As2Identifier("THEM"), Partner = new As2Identifier("US") },
            PartnershipCertificates.Of(Theirs, ours ?? Ours)));
        var app = builder.Build();
        var partner = new OutsidePartner(app);
        app.Use(partner.CaptureAsync);
        app.MapAs2Endpoint();
        await app.StartAsync();
        return partner;
    }

    /// <summary>Names and hashes of what it took, a line a message.</summary>
    public async Task<IReadOnlyList<(string? Name, string Sha256)>> TakenAsync()
    {
        var taken = new List<(string?, string)>();
        foreach (var summary in await Store.ListAsync(new MessageQuery { Max = 1000 }, default))
        {
            var message = await Store.GetAsync(summary.Id, default);
            taken.AddRange(message!.Payloads.Select(p => (p.FileName, p.Content.Sha256)));
        }
        return taken;
    }

    /// <summary>A sender of its own for messages to the gateway.</summary>
    public static (As2Sender Sender, Partnership Partnership) SenderTo(Uri gateway)
    {
        var partnership = new Partnership { Local = new As2Identifier("THEM"), Partner = new As2Identifier("US"), Endpoint = gateway };
        return (As2Sender.Create(new PartnershipBook().Add(partnership, PartnershipCertificates.Of(Theirs, Ours))), partnership);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task CaptureAsync(HttpContext context, RequestDelegate next)
    {
        if (KeepsBodies)
        {
            using var copy = new MemoryStream();
            await context.Request.Body.CopyToAsync(copy);
            Bodies.Enqueue(copy.ToArray());
            context.Request.Body = new MemoryStream(copy.ToArray());
        }
        await next(context);
    }
}
