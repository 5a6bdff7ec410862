using As2.Agreements;
using As2.Receipts;

namespace As2.Layers;

/// <summary>
/// Judges a signature over octets as they came. Only when the digest differs, and the octets are few, other readings are tried that
/// signers of deployed products used; each must verify the same signature completely, and is noted.
/// </summary>
internal sealed class SignatureJudge(LayerWalk walk, Layer record, SignedContent content)
{
    /// <summary>Explaining takes some forty hashes: small content only.</summary>
    private const int MaxExplained = 256 << 10;

    private bool _isMicOfWire;

    /// <summary>Throws the fault of a signature that does not count; else sets the signer and the MIC.</summary>
    public void Judge(ReadOnlyMemory<byte> cms)
    {
        walk.Options.Observer?.SeeSignature(cms, content.Digest);
        var verdict = Verify(cms, content.Digest);
        if (verdict.Fault?.Disposition == Disposition.IntegrityCheckFailed)
            verdict = TryOtherReadings(cms) ?? verdict;
        (record.Digest, record.Algorithm, record.Signer) = (verdict.Digest, verdict.Algorithm, verdict.Signer);
        foreach (var remark in verdict.Remarks)
            record.Remark(remark);
        walk.IsContentProven = verdict.Fault is null || (walk.IsInsideBareCipher && ContentProof.Fits(cms, content.Digest, walk.Options));
        if (verdict.Fault is { } fault)
            throw new ProtocolFault(fault.Disposition, fault.Clause, fault.Diagnosis + Explain(cms, fault));
        SetMics(verdict);
    }

    /// <summary>What the signer hashed in place of what came, where it is one of the readings known here.</summary>
    private string? Explain(ReadOnlyMemory<byte> cms, LayerFault fault)
    {
        if (fault.Disposition != Disposition.IntegrityCheckFailed || !content.TryGetRetained(out var octets) || octets.Length > MaxExplained
            || !SignedDataReader.TryRead(cms, walk.Limits, out var signed, out _))
            return null;
        foreach (var signer in signed.Signers)
        {
            if (signer is { Digest: { } digest, Attributes.MessageDigest: { } theirs }
                && MicDiagnosis.TryExplain(octets, new MessageIntegrityCheck(digest, theirs), out var reading))
                return $" The signer hashed {reading}.";
        }
        return null;
    }

    private SignatureVerdict? TryOtherReadings(ReadOnlyMemory<byte> cms)
    {
        if (!content.TryGetRetained(out var octets))
            return TryCanonical(cms);
        foreach (var reading in SignedReading.Others(octets, walk.HasQuirk(PartnerQuirk.LineEndsChange)))
        {
            var verdict = Verify(cms, algorithm => Digester.Hash(algorithm, reading.Octets));
            if (verdict.Fault is not null)
                continue;
            _isMicOfWire = !reading.IsMic;
            record.Remark($"The signature covers other octets than came: {reading.Name}.");
            return verdict;
        }
        return null;
    }

    /// <summary>The one other reading of content that is too long to be kept.</summary>
    private SignatureVerdict? TryCanonical(ReadOnlyMemory<byte> cms)
    {
        var verdict = Verify(cms, content.CanonicalDigest);
        if (verdict.Fault is not null)
            return null;
        record.Remark("The signature covers other octets than came: CRLF line ends throughout.");
        return verdict;
    }

    private SignatureVerdict Verify(ReadOnlyMemory<byte> cms, Func<DigestAlgorithm, ReadOnlyMemory<byte>?> digest)
        => SignedData.Verify(cms, digest, walk.Options.VerificationCertificates, walk.Options.Now, walk.Limits, walk.Options.AcceptExpiredSignerCertificate);

    /// <summary>In the algorithm of the signature first (RFC 4130 §7.4.3), then in those that were wished for.</summary>
    private void SetMics(SignatureVerdict verdict)
    {
        var digest = verdict.Digest!;
        var own = _isMicOfWire && content.Digest(digest) is { } wire ? wire : verdict.ContentDigest;
        var mics = new List<MessageIntegrityCheck>(1) { new(digest, own) };
        for (var i = 0; i < walk.Options.MicDigests.Count; i++)
        {
            var wished = walk.Options.MicDigests[i];
            if (wished != digest && content.Digest(wished) is { } other)
                mics.Add(new(wished, other));
        }
        walk.SetMics(MicScope.SignedPart, mics);
    }
}
