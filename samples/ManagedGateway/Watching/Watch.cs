using System.Net;
using As2.AspNetCore;
using As2.Telemetry;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace ManagedGateway.Watching;

/// <summary>Figures for Prometheus, traces and figures for a collector, health with reasons.</summary>
internal static class Watch
{
    /// <summary>Adds what is watched.</summary>
    public static void AddWatch(this IServiceCollection services, WatchSettings? settings)
    {
        if (settings is null)
            return;
        services.AddHealthChecks().AddAs2().AddCheck<WaitingCheck>("waiting", tags: ["ready"]).AddCheck<OutsideCheck>("outside", tags: ["ready"]);
        var telemetry = services.AddOpenTelemetry().ConfigureResource(resource => resource.AddService(settings.Service));
        telemetry.WithMetrics(metrics =>
        {
            metrics.AddMeter(As2Telemetry.MeterName).AddPrometheusExporter();
            if (settings.Collector is not null)
                metrics.AddOtlpExporter(exporter => Reach(exporter, settings, "v1/metrics"));
        });
        if (settings.Collector is not null)
            telemetry.WithTracing(traces => traces.AddSource(As2Telemetry.SourceName).AddOtlpExporter(exporter => Reach(exporter, settings, "v1/traces")));
    }

    /// <summary>Adds the listener.</summary>
    public static void ListenForWatchers(this KestrelServerOptions kestrel, WatchSettings? settings)
    {
        if (settings is not null)
            kestrel.Listen(IPAddress.Parse(settings.Address), settings.Port);
    }

    /// <summary>Answers on that listener, and on no other.</summary>
    public static void UseWatch(this WebApplication app, WatchSettings? settings)
    {
        if (settings is null)
            return;
        app.MapWhen(context => context.Connection.LocalPort == settings.Port, watch =>
        {
            watch.UseHealthChecks("/health/live", Checks("live"));
            watch.UseHealthChecks("/health/ready", Checks("ready"));
            watch.UseOpenTelemetryPrometheusScrapingEndpoint("/metrics");
            watch.Run(context =>
            {
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return Task.CompletedTask;
            });
        });
    }

    private static HealthCheckOptions Checks(string tag) => new() { Predicate = check => check.Tags.Contains(tag), ResponseWriter = WriteAsync };

    private static Task WriteAsync(HttpContext context, HealthReport report) => context.Response.WriteAsJsonAsync(new
    {
        status = report.Status.ToString(),
        checks = report.Entries.ToDictionary(entry => entry.Key, entry => new { status = entry.Value.Status.ToString(), reason = entry.Value.Description, entry.Value.Data }),
    });

    private static void Reach(OtlpExporterOptions exporter, WatchSettings settings, string path)
    {
        exporter.Protocol = settings.CollectorSpeaksGrpc ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf;
        exporter.Endpoint = settings.CollectorSpeaksGrpc ? settings.Collector! : new Uri(settings.Collector!, path);
    }
}
