using As2.Agreements;
using As2.Certificates;

namespace As2.Layers;

/// <summary>What a detached signature says once checked.</summary>
/// <param name="Signer">The agreed certificate that verified it; null when none did.</param>
/// <param name="Digest">The digest of that signature, or of the first signer.</param>
/// <param name="Algorithm">In plain words: <c>sha-256, RSA PKCS#1</c>.</param>
/// <param name="ContentDigest">The digest of the signed content in <paramref name="Digest"/>.</param>
/// <param name="Fault">Why it does not count, or null.</param>
internal sealed record SignatureVerdict(
    As2Certificate? Signer, DigestAlgorithm? Digest, string Algorithm, ReadOnlyMemory<byte> ContentDigest, LayerFault? Fault)
{
    /// <summary>Tolerated oddities, in plain words.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];

    /// <summary>The signing time that the signer claims, or null.</summary>
    public DateTimeOffset? SigningTime { get; init; }
}

/// <summary>The CMS SignedData of a detached signature (RFC 5652 §5, RFC 8551 §3.5.3).</summary>
internal static class SignedData
{
    /// <summary>Makes the signature over a content that was already hashed.</summary>
    /// <returns>DER.</returns>
    /// <exception cref="As2Exception">AS2-CERT-001, AS2-CERT-002: the key is missing or cannot sign this way.</exception>
    public static byte[] CreateDetached(ReadOnlySpan<byte> contentDigest, SecurityAgreement security, As2Certificate signer, DateTimeOffset signingTime)
    {
        using var cms = new PooledBuffer();
        SignedDataWriter.Write(contentDigest, security, signer, signingTime, cms);
        return cms.Span.ToArray();
    }

    /// <summary>The digest algorithms that the signers used, in order; empty when it cannot be read.</summary>
    public static IReadOnlyList<DigestAlgorithm> ReadDigests(ReadOnlyMemory<byte> cms, LayerLimits limits)
        => SignedDataReader.TryRead(cms, limits, out var content, out _)
            ? [.. content.Signers.Select(s => s.Digest).OfType<DigestAlgorithm>()]
            : [];

    /// <summary>Checks the signature (DER or BER) against the agreed certificates.</summary>
    /// <param name="cms">The signature.</param>
    /// <param name="contentDigest">Gives the digest of the signed content in an algorithm, or null where it was not computed.</param>
    /// <param name="agreed">The certificates that may have signed.</param>
    /// <param name="now">The moment at which they must be valid.</param>
    /// <param name="limits">Bounds.</param>
    /// <param name="acceptExpired">True: an agreed certificate outside its window still counts, with a remark.</param>
    public static SignatureVerdict Verify(
        ReadOnlyMemory<byte> cms, Func<DigestAlgorithm, ReadOnlyMemory<byte>?> contentDigest, IReadOnlyList<As2Certificate> agreed,
        DateTimeOffset now, LayerLimits limits, bool acceptExpired = false)
        => SignedDataReader.TryRead(cms, limits, out var content, out var unreadable)
            ? new SignedDataVerifier(content, contentDigest, agreed, now, acceptExpired).Verify()
            : new SignatureVerdict(null, null, "unreadable", default, SignedDataVerifier.NotAuthentic(unreadable));
}
