using As2.Headers;
using As2.Layers;
using As2.Receipts;
using As2.Tool.Capture;
using As2.Tool.Keys;

namespace As2.Tool.Inspection;

/// <summary>Explains a receipt.</summary>
internal sealed class ReceiptInspector(KeyRing keys, InspectionOptions options, TimeProvider clock)
{
    /// <summary>1 the head, 2 the signature as it came, 3 the receipt, 4 what is wrong.</summary>
    public Report Inspect(CapturedMessage capture, InspectedBody body)
    {
        // 1
        var head = new MessageHead(capture.Headers, keys);
        var content = body.ReadAll(ReceiptReader.MaxBytes + 1);
        var moment = Moment.Of(capture.Headers, options.At, clock);

        // 2
        var evidence = ReadSignature(capture.Headers, content, moment.Value);
        moment = moment.Or(evidence?.SigningTime);

        // 3
        var receipt = ReceiptReader.Read(capture.Headers, content, keys.PartnersOf(head.From), moment.Value);
        var expired = Signers.Expired(receipt.Signer, moment);

        // 4
        return head.ToReport() with
        {
            Kind = "receipt",
            Layers = receipt.IsSigned ? [new LayerReport { Kind = "signed-data", Algorithm = $"{receipt.Digest}", Digest = receipt.Digest?.WireName }] : [],
            Signer = Signers.Describe(receipt.Signer, evidence, moment),
            Disposition = receipt.Notification?.Disposition.ToString(),
            Receipt = Describe(receipt, expired is null),
            Faults = [.. Faults(capture, receipt, evidence), .. expired is null ? [] : (FaultReport[])[expired]],
            StartLine = capture.StartLine.Length > 0 ? capture.StartLine : null,
            JudgedAt = moment.ToString(),
        };
    }

    private IEnumerable<FaultReport> Faults(CapturedMessage capture, Receipt receipt, SignatureEvidence? evidence)
    {
        if (capture.Body.Complaint is { } complaint)
            yield return new("capture", complaint);
        if (capture.Status is >= 300 or < 200)
            yield return new("http", $"The answer is HTTP {capture.Status}: the message was not taken.");
        if (receipt.Fault is { } fault)
        {
            var isSignature = fault.Disposition == Disposition.AuthenticationFailed || fault.Disposition == Disposition.IntegrityCheckFailed;
            yield return isSignature
                ? new(fault.Disposition.Text!, fault.Diagnosis + Signers.Hint(evidence, keys.Partners.Count))
                : new("receipt", fault.Diagnosis);
        }
        if (receipt.Notification is { OriginalMessageId: null } && !capture.IsResponse)
            yield return new("receipt", "It names no message that it answers, and did not come as the answer to one.");
        if (options.Strict && !receipt.IsSigned)
            yield return new("weak", "The receipt is not signed: it proves nothing.");
        if (options.Strict && receipt.Digest is { } digest && !DigestAlgorithm.Modern.Contains(digest))
            yield return new("weak", $"The signature uses {digest}.");
    }

    private static ReceiptReport? Describe(Receipt receipt, bool isInTime)
        => receipt.Notification is not { } notification ? null : new ReceiptReport
        {
            OriginalMessageId = notification.OriginalMessageId,
            Mic = notification.Mic is { } mic ? EntityReadings.Report(mic, "received content") : null,
            Disposition = notification.Disposition.ToString(),
            Verified = receipt.Signer is not null && receipt.Fault is null && isInTime,
            Signed = receipt.IsSigned,
            FinalRecipient = notification.FinalRecipient,
            ReportingUa = notification.ReportingUa,
            Text = receipt.Text,
            Remarks = [.. receipt.Remarks, .. notification.Remarks],
        };

    private static SignatureEvidence? ReadSignature(HeaderFields headers, ReadOnlyMemory<byte> body, DateTimeOffset now)
    {
        var parts = body.Length > ReceiptReader.MaxBytes ? [] : new ReceiptPart(headers, body, body).Parts();
        return parts.FirstOrDefault(p => p.IsSignature) is { } signature && parts.FirstOrDefault(p => !p.IsSignature) is { } content
            ? SignatureEvidence.Read(signature.DecodeSignature(), digest => Digester.Hash(digest, content.Raw.Span), now)
            : null;
    }
}
