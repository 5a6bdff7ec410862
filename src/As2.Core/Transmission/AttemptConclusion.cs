using As2.Agreements;
using As2.Certificates;
using As2.Receipts;
using As2.Routes;
using As2.Storage;

namespace As2.Transmission;

/// <summary>What an attempt comes to: the step to record, in plain words why, and the receipt where one came.</summary>
/// <param name="Step">The step.</param>
/// <param name="Reason">Plain words.</param>
/// <param name="Receipt">The receipt, or null.</param>
internal sealed record Conclusion(Transition Step, string Reason, Receipt? Receipt = null);

/// <summary>Steps 5 and 6 of the send walk: the answer to a post, against what was agreed (RFC 4130 §7.5).</summary>
internal sealed class AttemptConclusion(As2Options options, TimeProvider clock)
{
    private static readonly TimeSpan s_mending = TimeSpan.FromHours(1);

    /// <summary>Judges the answer.</summary>
    public Conclusion Conclude(StoredMessage message, Partnership partnership, PostOutcome outcome, IReadOnlyList<As2Certificate> agreed)
    {
        if (outcome.StatusCode is not { } status)
            return outcome.NeedsMending ? Suspend(message, partnership, outcome.Failure!) : Retry(message, partnership, outcome.Failure!);
        if (outcome.IsSuccess)
            return ConcludeTaken(message, partnership, outcome, agreed);
        var reason = $"the partner answered HTTP {status}";
        return status switch
        {
            401 or 403 or 404 or 407 => Suspend(message, partnership, reason),
            408 or 425 or 429 or >= 500 => Retry(message, partnership, reason, outcome.RetryAfter),
            >= 300 and < 400 => Suspend(message, partnership, $"{reason}, a redirect, which is not followed: put the new address into the partnership"),
            _ => Refused(message, reason),
        };
    }

    /// <summary>Waits for a person, and looks again by itself every hour.</summary>
    public Conclusion Suspend(StoredMessage message, Partnership? partnership, string reason)
        => Expired(message, partnership, reason) ?? new(new Transition
        {
            From = [message.State],
            To = MessageState.Suspended,
            Job = JobOutcome.Retry,
            RetryAfter = s_mending,
            Diagnosis = reason,
            Events = message.State == MessageState.Suspended || message.Diagnosis == reason ? [("suspended", reason)] : [("suspended", reason), Alert.Line(Alert.Suspended, reason)],
        }, reason);

    /// <summary>The partner is left alone for a while: nothing was attempted, nothing is counted.</summary>
    public Conclusion Postpone(StoredMessage message, Partnership partnership, (TimeSpan Wait, string Reason) pause)
        => Expired(message, partnership, pause.Reason) ?? new(new Transition
        {
            From = [message.State],
            To = message.State,
            Job = JobOutcome.Retry,
            RetryAfter = pause.Wait,
            Diagnosis = pause.Reason,
        }, pause.Reason);

    private Conclusion ConcludeTaken(StoredMessage message, Partnership partnership, PostOutcome outcome, IReadOnlyList<As2Certificate> agreed)
    {
        if (partnership.Receipt.Requirement == ReceiptRequirement.None)
            return new(Final(message, MessageState.Acknowledged, "taken; no receipt was asked for"), "taken; no receipt was asked for");
        if (partnership.Receipt.AsynchronousUrl is not null)
            return Await(message, partnership.Receipt.Deadline);
        if (outcome.Body.IsEmpty)
            return Retry(message, partnership, $"the partner answered HTTP {outcome.StatusCode} without the receipt");

        var receipt = ReceiptReader.Read(outcome.Headers, outcome.Body, agreed, clock.GetUtcNow());
        var verdict = ReceiptVerification.Verify(receipt, message, partnership);
        return verdict.IsTrusted
            ? new(ReceiptReconciliation.Step(message, new WireMessage(outcome.Headers, StoredContent.FromBytes(outcome.Body)), verdict), verdict.Reason, receipt)
            : Retry(message, partnership, verdict.Reason) with { Receipt = receipt };
    }

    private static Conclusion Await(StoredMessage message, TimeSpan deadline)
    {
        const string Reason = "taken; the receipt comes later";
        return new(new Transition
        {
            From = [MessageState.Sending],
            To = MessageState.AwaitingReceipt,
            Job = JobOutcome.Retry,
            RetryAfter = deadline,
            Events = [("taken", Reason)],
        }, Reason);
    }

    private Conclusion Retry(StoredMessage message, Partnership partnership, string reason, TimeSpan? retryAfter = null)
    {
        if (Schedule(partnership).NextWait(message.Attempts, clock.GetUtcNow() - message.Created, retryAfter) is not { } wait)
            return Expired(message, partnership, reason)!;
        return new(new Transition
        {
            From = [message.State],
            To = MessageState.RetryWait,
            Job = JobOutcome.Retry,
            RetryAfter = wait,
            Diagnosis = reason,
            Events = [("retry", $"{reason}; again in {wait.TotalSeconds:0} s")],
        }, reason);
    }

    private Conclusion? Expired(StoredMessage message, Partnership? partnership, string reason)
        => clock.GetUtcNow() - message.Created < Schedule(partnership).Total ? null : new(Final(message, MessageState.Expired, reason), reason);

    private RetrySchedule Schedule(Partnership? partnership) => partnership?.Retry ?? options.Retry;

    private static Conclusion Refused(StoredMessage message, string reason) => new(Final(message, MessageState.Rejected, reason), reason);

    private static Transition Final(StoredMessage message, MessageState state, string reason)
    {
        var diagnosis = state == MessageState.Acknowledged ? null : reason;
        return new()
        {
            From = [message.State],
            To = state,
            Diagnosis = diagnosis,
            Mailbox = OutboxMoves.Finish(message with { State = state, Diagnosis = diagnosis }),
            NewJobs = OutsideRoute.Report(message),
            Events = state switch
            {
                MessageState.Acknowledged => [("acknowledged", reason)],
                MessageState.Expired => [("failed", reason), Alert.Line(Alert.Expired, $"no receipt after {message.Attempts} attempts; {reason}")],
                _ => [("failed", reason)],
            },
        };
    }
}
