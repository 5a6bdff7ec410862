using System.Diagnostics;
using As2.Storage;

namespace As2.Telemetry;

/// <summary>Watches one attempt to send.</summary>
internal sealed class SendWatch : IDisposable
{
    private readonly TimeProvider _clock;
    private readonly StoredMessage _message;
    private readonly long _started;
    private readonly Activity? _span;
    private string _outcome = "broken";

    private SendWatch(StoredMessage message, TimeProvider clock)
    {
        (_clock, _message, _started) = (clock, message, clock.GetTimestamp());
        _span = As2Telemetry.Start(SpanNames.Send, ActivityKind.Internal, message.TraceParent, preferParent: true)?
            .SetTag(TagNames.Id, message.Id).SetTag(TagNames.MessageId, message.MessageId).SetTag(TagNames.Attempt, message.Attempts + 1);
    }

    /// <summary>Begins; the trace in which the message was submitted goes on.</summary>
    public static SendWatch Begin(StoredMessage message, TimeProvider clock) => new(message, clock);

    /// <summary>How it ended.</summary>
    public SendResult End(SendResult result)
    {
        _outcome = Outcomes.Of(result.State);
        _span?.SetTag(TagNames.Disposition, result.Disposition?.ToString());
        if (!result.IsAcknowledged && result.State != MessageState.AwaitingReceipt)
            _span?.SetStatus(ActivityStatusCode.Error, result.Reason);
        if (Outcomes.IsFinal(result.State))
            Measures.Count(_message.Key, _outcome, result.Disposition);
        if (result.Receipt is not null)
            Measures.CountReceipt(_message.Key, result.Disposition);
        return result;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        var tags = Measures.Pair(_message.Key.Local, _message.Key.Partner);
        tags.Add(TagNames.Outcome, _outcome);
        Measures.SendTime.Record(_clock.GetElapsedTime(_started).TotalSeconds, tags);
        if (_span is null)
            return;
        foreach (var (name, value) in tags)
            _span.SetTag(name, value);
        _span.Dispose();
    }
}

/// <summary>States as the values of <see cref="TagNames.Outcome"/>.</summary>
internal static class Outcomes
{
    /// <summary>The word.</summary>
    public static string Of(MessageState state) => state switch
    {
        MessageState.AwaitingReceipt => "awaiting_receipt",
        MessageState.RetryWait => "retry_wait",
        MessageState.MicMismatch => "mic_mismatch",
        _ => state.ToString().ToLowerInvariant(),
    };

    /// <summary>True when nothing more is done about an outbound message.</summary>
    public static bool IsFinal(MessageState state)
        => state is MessageState.Acknowledged or MessageState.Rejected or MessageState.MicMismatch or MessageState.Expired or MessageState.Cancelled;
}
