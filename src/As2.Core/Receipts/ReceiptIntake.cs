using As2.Agreements;
using As2.Certificates;
using As2.Headers;
using As2.Storage;
using As2.Telemetry;
using Microsoft.Extensions.Logging;

namespace As2.Receipts;

/// <summary>Takes receipts that partners post: finds the message that each answers, verifies, and records the outcome.</summary>
internal sealed class ReceiptIntake(ICertificateSource certificates, StorageServices storage, TimeProvider clock, ILogger logger)
{
    private const int MaxReceiptBytes = 1 << 20;

    private readonly MicExplanation _explanation = new(storage.Blobs, clock);

    /// <summary>Takes one posted receipt. Positive only after the outcome is durable.</summary>
    public async ValueTask<ReceiveResult> TakeAsync(As2Request request, RequestBody body, Partnership partnership, CancellationToken cancellationToken)
    {
        if (await CollectAsync(body, cancellationToken).ConfigureAwait(false) is not { } octets)
            return ReceiveResult.TurnAway(413, $"a receipt of more than {MaxReceiptBytes} bytes");
        using var turn = request.Gate is { } gate ? await gate.TakeTurnAsync(cancellationToken).ConfigureAwait(false) : null;
        var agreed = await certificates.SelectAsync(partnership, CertificateRole.VerifyReceipt, clock.GetUtcNow(), cancellationToken).ConfigureAwait(false);
        var receipt = ReceiptReader.Read(request.Headers, octets, agreed, clock.GetUtcNow());
        if (receipt.Notification?.OriginalMessageId is not { } original)
            return ReceiveResult.TurnAway(400, "a receipt that does not say which message it answers");

        if (await FindAsync(partnership, MessageId.KeyOf(original), cancellationToken).ConfigureAwait(false) is not { } sent)
            return ReceiveResult.TurnAway(404, $"a receipt for {original}, which we did not send");

        using var span = As2Telemetry.Start(SpanNames.Receipt, System.Diagnostics.ActivityKind.Internal, sent.TraceParent, preferParent: true)?.SetTag(TagNames.Id, sent.Id);
        var verdict = ReceiptVerification.Verify(receipt, sent, partnership);
        if (verdict.Outcome == ReceiptOutcome.MicMismatch
            && await _explanation.InDigestOfAsync(receipt, sent, partnership, cancellationToken).ConfigureAwait(false) is { } known)
            verdict = ReceiptVerification.Verify(receipt, known, partnership);
        var step = ReceiptReconciliation.Step(sent, new WireMessage(request.Headers, StoredContent.FromBytes(octets)), verdict);
        step = await _explanation.AddAsync(step, sent, partnership, receipt, cancellationToken).ConfigureAwait(false);
        CrashPoint.Hit("O8");
        var isStep = await storage.Messages.ReconcileAsync(sent.Id, step, cancellationToken).ConfigureAwait(false);
        Alert.Log(logger, sent.Id, step.Events);
        Measures.CountReceipt(sent.Key, receipt.Notification.Disposition);
        if (isStep && !step.KeepsState && Outcomes.IsFinal(step.To))
            Measures.Count(sent.Key, Outcomes.Of(step.To), receipt.Notification.Disposition);
        if (request.Gate is not null)
            await request.Gate.LearnAsync(verdict.IsTrusted, cancellationToken).ConfigureAwait(false);
        return verdict.IsTrusted
            ? new ReceiveResult { Outcome = ReceiveOutcome.ReceiptTaken, StatusCode = 200, Disposition = receipt.Notification.Disposition, Id = sent.Id }
            : ReceiveResult.TurnAway(400, verdict.Reason);
    }

    private async ValueTask<StoredMessage?> FindAsync(Partnership partnership, string id, CancellationToken cancellationToken)
    {
        var key = new MessageKey(MessageDirection.Outbound, partnership.Local, partnership.Partner, id);
        var sent = await storage.Journal.FindAsync(key, cancellationToken).ConfigureAwait(false);
        return sent is null && partnership.Quirks.Contains(PartnerQuirk.NewMessageIdOnResend)
            ? await storage.Journal.FindAsync(key with { MessageId = MessageId.FirstAttemptOf(id) }, cancellationToken).ConfigureAwait(false)
            : sent;
    }

    private static async ValueTask<byte[]?> CollectAsync(RequestBody body, CancellationToken cancellationToken)
    {
        using var collected = new MemoryStream();
        ReadOnlyMemory<byte> block;
        while (!(block = await body.ReadAsync(cancellationToken).ConfigureAwait(false)).IsEmpty)
        {
            if (collected.Length + block.Length > MaxReceiptBytes)
                return null;
            collected.Write(block.Span);
        }
        return collected.ToArray();
    }
}
