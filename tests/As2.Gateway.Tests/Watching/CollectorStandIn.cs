using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace As2.Gateway.Tests.Watching;

/// <summary>A span as the collector got it.</summary>
internal sealed record CollectedSpan(string Service, string Trace, string Id, string Parent, string Name);

/// <summary>An OpenTelemetry collector as far as a test needs one: OTLP over HTTP with protobuf.</summary>
internal sealed class CollectorStandIn : IAsyncDisposable
{
    private readonly WebApplication _app;

    private CollectorStandIn(WebApplication app) => _app = app;

    /// <summary>What came so far.</summary>
    public ConcurrentQueue<CollectedSpan> Spans { get; } = new();

    /// <summary>Where it listens.</summary>
    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    /// <summary>Starts it on a free port.</summary>
    public static async Task<CollectorStandIn> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var collector = new CollectorStandIn(builder.Build());
        collector._app.MapPost("/v1/traces", collector.TakeAsync);
        collector._app.MapPost("/v1/metrics", () => Results.Bytes([], "application/x-protobuf"));
        await collector._app.StartAsync();
        return collector;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task<IResult> TakeAsync(HttpRequest request)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        foreach (var resource in Fields(body.ToArray(), 1))
        {
            // ExportTraceServiceRequest.resource_spans: resource = 1, scope_spans = 2; Resource.attributes = 1, KeyValue: key = 1, value = 2 (string_value = 1).
            var service = Fields(resource, 1).SelectMany(r => Fields(r, 1)).Where(a => Text(a, 1) == "service.name").Select(a => Fields(a, 2).Select(v => Text(v, 1)).Single()).Single();
            foreach (var span in Fields(resource, 2).SelectMany(scope => Fields(scope, 2)))
                Spans.Enqueue(new CollectedSpan(service, Hex(span, 1), Hex(span, 2), Hex(span, 4), Text(span, 5)));
        }
        return Results.Bytes([], "application/x-protobuf");
    }

    private static string Hex(byte[] message, int number) => Convert.ToHexStringLower(Fields(message, number).SingleOrDefault() ?? []);

    private static string Text(byte[] message, int number) => Encoding.UTF8.GetString(Fields(message, number).SingleOrDefault() ?? []);

    /// <summary>The length-delimited fields of a number in a protobuf message.</summary>
    private static List<byte[]> Fields(byte[] message, int number)
    {
        var found = new List<byte[]>();
        for (var at = 0; at < message.Length;)
        {
            var tag = Varint(message, ref at);
            switch (tag & 7)
            {
                case 0:
                    Varint(message, ref at);
                    break;
                case 1:
                    at += 8;
                    break;
                case 5:
                    at += 4;
                    break;
                default:
                    var length = (int)Varint(message, ref at);
                    if ((int)(tag >> 3) == number)
                        found.Add(message[at..(at + length)]);
                    at += length;
                    break;
            }
        }
        return found;
    }

    private static ulong Varint(byte[] message, ref int at)
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var octet = message[at++];
            value |= (ulong)(octet & 0x7f) << shift;
            if (octet < 0x80)
                return value;
        }
    }
}
