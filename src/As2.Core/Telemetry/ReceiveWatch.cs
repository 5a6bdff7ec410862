using System.Diagnostics;
using As2.Agreements;

namespace As2.Telemetry;

/// <summary>Watches one request from its head to its answer: a span, its time, and that it is there at all.</summary>
internal sealed class ReceiveWatch : IDisposable
{
    private const string Header = "traceparent";

    private readonly TimeProvider _clock;
    private readonly long _started;
    private readonly Activity? _span;
    private string _outcome = "broken";
    private int _status;

    private ReceiveWatch(As2Request request, TimeProvider clock)
    {
        (_clock, _started) = (clock, clock.GetTimestamp());
        _span = As2Telemetry.Start(SpanNames.Receive, ActivityKind.Server, request.Headers[Header]);
        Measures.ActiveRequests.Add(1);
    }

    /// <summary>The agreement, once it is found.</summary>
    public Partnership? Partnership { get; set; }

    /// <summary>Begins; a trace that the partner is in goes on.</summary>
    public static ReceiveWatch Begin(As2Request request, TimeProvider clock) => new(request, clock);

    /// <summary>How it ended.</summary>
    public ReceiveResult End(ReceiveResult result)
    {
        _status = result.StatusCode;
        _outcome = result.Outcome switch
        {
            ReceiveOutcome.Accepted => "accepted",
            ReceiveOutcome.Duplicate => "duplicate",
            ReceiveOutcome.Refused => "refused",
            ReceiveOutcome.ReceiptTaken => "receipt",
            _ => "turned_away",
        };
        _span?.SetTag(TagNames.Id, result.Id).SetTag(TagNames.Disposition, result.Disposition?.ToString());
        if (result.Diagnosis is { } diagnosis)
            _span?.SetStatus(ActivityStatusCode.Error, diagnosis);
        return result;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Measures.ActiveRequests.Add(-1);
        // Names that nobody agreed on are remote text: they are no tags of instruments.
        var tags = Partnership is { } pair ? Measures.Pair(pair.Local, pair.Partner) : default;
        tags.Add(TagNames.Outcome, _outcome);
        tags.Add(TagNames.Status, _status);
        Measures.ReceiveTime.Record(_clock.GetElapsedTime(_started).TotalSeconds, tags);
        if (_span is null)
            return;
        foreach (var (name, value) in tags)
            _span.SetTag(name, value);
        _span.Dispose();
    }
}
