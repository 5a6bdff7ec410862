using As2.Agreements;
using As2.Headers;
using As2.Layers;
using As2.Receipts;
using As2.Tool.Capture;
using As2.Tool.Keys;

namespace As2.Tool.Inspection;

/// <summary>Explains a message layer by layer.</summary>
internal sealed class MessageInspector(KeyRing keys, InspectionOptions options, TimeProvider clock)
{
    // What products are known to send is explained, whoever sent it; none of these changes what a well-formed message gives.
    private static readonly HashSet<PartnerQuirk> s_tolerances = [PartnerQuirk.RawDecryptedContent, PartnerQuirk.UnlabelledCms, PartnerQuirk.LineEndsChange];

    /// <summary>1 the head, 2 the layers, 3 the signer, 4 what is wrong, 5 the MIC that the sender waits for.</summary>
    public Report Inspect(CapturedMessage capture, InspectedBody body, PayloadDigests payloads)
    {
        // 1
        var head = new MessageHead(capture.Headers, keys);
        var request = ReceiptRequest.Read(capture.Headers);
        var moment = Moment.Of(capture.Headers, options.At, clock);
        var product = SenderProduct.Of(capture.Headers);

        // 2
        using var witness = new LayerWitness(WantedDigests(request), () => moment.Value);
        var reading = new LayerReaderOptions
        {
            DecryptionKeys = [.. keys.Own.Where(c => c.Certificate.HasPrivateKey)],
            VerificationCertificates = keys.PartnersOf(head.From),
            MicDigests = WantedDigests(request),
            Now = moment.Value,
            Quirks = new HashSet<PartnerQuirk>([.. s_tolerances, .. product.MicQuirks]),
            Observer = witness,
        };
        var trace = Peel(new LayerReader(capture.Headers, reading, payloads), body);

        // 3
        moment = moment.Or(witness.Signature?.SigningTime);
        var partner = trace.Signature?.Signer;

        // 4
        var faults = new MessageFaults(keys, options);
        faults.Judge(head, request, trace, witness.Signature, Signers.Expired(partner, moment));
        if (capture.Body.Complaint is { } complaint)
            faults.Add("capture", complaint);

        // 5
        var mic = product.Mic(trace, request) ?? OfRefused(witness);
        var found = payloads.Finish();
        return head.ToReport() with
        {
            Layers = [.. trace.Layers.Select(LayerReports.Of)],
            Payloads = found,
            Mic = mic,
            MicAlternates = witness.Alternates(mic, found),
            Signer = Signers.Describe(partner, witness.Signature, moment),
            Disposition = (faults.Disposition ?? Disposition.Processed).ToString(),
            Faults = faults.All,
            StartLine = capture.StartLine.Length > 0 ? capture.StartLine : null,
            Product = product.Name,
            ReceiptRequest = new ReceiptRequestReport(request.Requirement.ToString().ToLowerInvariant(), [.. request.Digests.Select(d => d.WireName)], request.AsynchronousUrl),
            JudgedAt = moment.ToString(),
        };
    }

    private static LayerTrace Peel(LayerReader reader, InspectedBody body)
    {
        using (reader)
        {
            ReadOnlySpan<byte> block;
            while (!(block = body.Next()).IsEmpty)
                reader.Push(block);
            return reader.Complete();
        }
    }

    /// <summary>Those asked for, the preferred first; then the two that products without a list use.</summary>
    private static List<DigestAlgorithm> WantedDigests(ReceiptRequest request)
        => [.. request.Digests.Append(DigestAlgorithm.Sha1).Append(DigestAlgorithm.Sha256).Distinct()];

    // What could not be verified has no MIC in the trace; to whoever holds the keys, the one of what arrived explains more than none.
    private static MicReport? OfRefused(LayerWitness witness)
        => witness.Signature?.ContentDigest is { } signed ? EntityReadings.Report(signed, LayerReports.NameOf(MicScope.SignedPart)) : null;
}
