using As2.Headers;
using As2.Layers;
using As2.Receipts;
using As2.Tool.Keys;

namespace As2.Tool.Inspection;

/// <summary>Collects what is wrong with a message; the first fault that has a disposition decides the answer.</summary>
internal sealed class MessageFaults(KeyRing keys, InspectionOptions options)
{
    private readonly List<FaultReport> _faults = [];

    /// <summary>Every fault.</summary>
    public IReadOnlyList<FaultReport> All => _faults;

    /// <summary>What a receiver answers; null: processed.</summary>
    public Disposition? Disposition { get; private set; }

    public void Add(string kind, string text, Disposition? disposition = null)
    {
        _faults.Add(new FaultReport(kind, text));
        Disposition ??= disposition;
    }

    /// <summary>In the order of the receive walk: head, partner, layers, receipt request, certificate, and with --strict the policy.</summary>
    public void Judge(MessageHead head, ReceiptRequest request, LayerTrace trace, SignatureEvidence? evidence, FaultReport? expired)
    {
        foreach (var missing in head.Missing())
            Add("headers", missing);
        if (keys.IsStrangeSender(head.From))
            Add("unknown-trading-partner", $"No certificate was given for the sender {head.From}.", Receipts.Disposition.UnknownTradingPartner);
        if (keys.IsStrangeRecipient(head.To))
            Add("unknown-trading-partner", $"No certificate was given for the recipient {head.To}.", Receipts.Disposition.UnknownTradingPartner);
        if (trace.Fault is { } fault)
            Add(KindOf(fault), fault.Diagnosis + Hint(fault, evidence), fault.Disposition);
        if (request.Fault is { } unmet)
            Add("receipt-request", $"The receipt asked for cannot be given: {unmet.Diagnosis}.", unmet.Disposition);
        if (expired is not null)
            Add(expired.Kind, expired.Text, Receipts.Disposition.AuthenticationFailed);
        if (options.Strict)
            JudgePolicy(trace);
    }

    private void JudgePolicy(LayerTrace trace)
    {
        foreach (var layer in trace.Layers)
        {
            if (layer.Digest is { } digest && !DigestAlgorithm.Modern.Contains(digest))
                Add("weak", $"The signature uses {digest}.", Receipts.Disposition.InsufficientMessageSecurity);
            if (layer.Cipher is { } cipher && !ContentCipher.Modern.Contains(cipher))
                Add("weak", $"The content is encrypted with {cipher}.", Receipts.Disposition.InsufficientMessageSecurity);
            if (layer.IsOpaque)
                Add("weak", "The signature carries its content, which AS2 does not use.", Receipts.Disposition.InsufficientMessageSecurity);
        }
        if (trace.Signature is null)
            Add("weak", "The message is not signed.", Receipts.Disposition.InsufficientMessageSecurity);
        if (!trace.IsEncrypted)
            Add("weak", "The message is not encrypted.", Receipts.Disposition.InsufficientMessageSecurity);
    }

    private string Hint(LayerFault fault, SignatureEvidence? evidence)
    {
        if (fault.Disposition == Receipts.Disposition.DecryptionFailed && keys.Own.Count == 0)
            return " Give your key with --key and --cert.";
        return fault.Disposition == Receipts.Disposition.AuthenticationFailed ? Signers.Hint(evidence, keys.Partners.Count) : "";
    }

    private static string KindOf(LayerFault fault) => fault.Disposition.Text ?? fault.Disposition.ToString();
}
