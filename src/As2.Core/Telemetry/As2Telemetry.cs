using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace As2.Telemetry;

/// <summary>
/// The names under which a host subscribes to what the engine tells: <c>AddSource(As2Telemetry.SourceName)</c> and
/// <c>AddMeter(As2Telemetry.MeterName)</c>. Spans, instruments and tags are a contract: TELEMETRY.md.
/// </summary>
public static class As2Telemetry
{
    /// <summary>The activity source.</summary>
    public const string SourceName = "As2";

    /// <summary>The meter.</summary>
    public const string MeterName = "As2";

    internal static ActivitySource Source { get; } = new(SourceName);

    internal static Meter Meter { get; } = new(MeterName);

    /// <summary>
    /// A span whose parent stands in a text: a header field of a partner, or what was stored with a message. An activity that nobody
    /// listens to is no parent: its span would be missing in the trace.
    /// </summary>
    /// <param name="name">One of <see cref="SpanNames"/>.</param>
    /// <param name="kind">Its kind.</param>
    /// <param name="parent">A W3C traceparent, or null; what is none is left aside.</param>
    /// <param name="preferParent">True: the parent counts even where a span is running.</param>
    internal static Activity? Start(string name, ActivityKind kind, string? parent, bool preferParent = false)
    {
        if (!Source.HasListeners())
            return null;
        if (Activity.Current is { } unheard && !unheard.Source.HasListeners())
            Activity.Current = null;
        var isMeant = preferParent || Activity.Current is null;
        return Source.StartActivity(name, kind, isMeant && ActivityContext.TryParse(parent, null, isRemote: true, out var context) ? context : default);
    }

    /// <summary>A step of the span that is running.</summary>
    internal static Activity? Step(string name, ActivityKind kind = ActivityKind.Internal) => Source.StartActivity(name, kind);

    /// <summary>The span that is running, as it is stored with a message and sent to a partner; null where nobody listens.</summary>
    internal static string? Context => Activity.Current is { IdFormat: ActivityIdFormat.W3C } current && current.Source == Source ? current.Id : null;
}
