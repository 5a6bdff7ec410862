using As2.Routes;
using As2.Storage;

namespace As2.Receipts;

/// <summary>What a verified receipt does to the message that it answers; the same for both channels (RFC 4130 §7.5).</summary>
internal static class ReceiptReconciliation
{
    private static readonly MessageState[] s_open =
        [MessageState.Packaged, MessageState.Sending, MessageState.AwaitingReceipt, MessageState.RetryWait, MessageState.Suspended, MessageState.Expired];

    /// <summary>
    /// The step to apply. A receipt that is not to be trusted, and one for a message whose outcome is final, changes nothing but the
    /// history.
    /// </summary>
    public static Transition Step(StoredMessage sent, WireMessage receipt, ReceiptVerdict verdict)
    {
        if (!verdict.IsTrusted || !s_open.Contains(sent.State))
            return Remark(sent, verdict);
        var state = verdict.Outcome switch
        {
            ReceiptOutcome.Confirmed => MessageState.Acknowledged,
            ReceiptOutcome.MicMismatch => MessageState.MicMismatch,
            _ => MessageState.Rejected,
        };
        var finished = sent with
        {
            State = state,
            Receipt = receipt,
            Disposition = verdict.Disposition?.ToString(),
            Diagnosis = state == MessageState.Acknowledged ? null : verdict.Reason,
        };
        return new Transition
        {
            From = s_open,
            To = state,
            Receipt = receipt,
            Disposition = finished.Disposition,
            Diagnosis = finished.Diagnosis,
            Mailbox = OutboxMoves.Finish(finished),
            NewJobs = OutsideRoute.Report(sent),
            Events = [.. Story(sent, state, verdict.Reason)],
        };
    }

    private static IEnumerable<(string Kind, string Text)> Story(StoredMessage sent, MessageState state, string reason)
    {
        var isLate = sent.State == MessageState.Expired;
        yield return (isLate && state == MessageState.Acknowledged ? "late-acknowledged" : "receipt", reason);
        if (isLate)
            yield return Alert.Line(Alert.LateReceipt, $"the message had expired; {reason}");
        if (state == MessageState.MicMismatch)
            yield return Alert.Line(Alert.MicMismatch, reason);
    }

    private static Transition Remark(StoredMessage sent, ReceiptVerdict verdict) => new()
    {
        From = [sent.State],
        To = sent.State,
        KeepsState = true,
        Job = JobOutcome.Continue,
        Events = [(verdict.IsTrusted ? "receipt-again" : "receipt-refused", verdict.Reason), .. Contradiction(sent, verdict)],
    };

    /// <summary>The first trusted receipt settles a message. One that says otherwise changes nothing, and a person is told.</summary>
    private static IEnumerable<(string Kind, string Text)> Contradiction(StoredMessage sent, ReceiptVerdict verdict)
    {
        var isPositive = verdict.Outcome == ReceiptOutcome.Confirmed;
        if (!verdict.IsTrusted || isPositive == (sent.State == MessageState.Acknowledged))
            yield break;
        yield return sent.Receipt is null
            ? Alert.Line(Alert.LateReceipt, $"the message is {sent.State}; {verdict.Reason}")
            : Alert.Line(Alert.ReceiptConflict, $"the message is {sent.State} with {sent.Disposition}; now {verdict.Reason}");
    }
}
