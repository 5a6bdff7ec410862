using System.Formats.Asn1;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using As2.Certificates;
using As2.Receipts;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;

namespace As2.Layers;

/// <summary>
/// Checks the signers of a SignedData against the agreed certificates (RFC 5652 §5.6). One good signer is enough; no signer is
/// never good. A certificate in the message opens nothing: only agreed ones are tried, and those that an agreed issuer vouches for.
/// </summary>
internal readonly struct SignedDataVerifier(
    SignedDataContent content, Func<DigestAlgorithm, ReadOnlyMemory<byte>?> contentDigest, IReadOnlyList<As2Certificate> agreed,
    DateTimeOffset now, bool acceptExpired)
{
    private readonly IReadOnlyList<As2Certificate> _candidates = CertificateChain.Candidates(agreed, content.Certificates, now);

    /// <summary>The fault of every signature that is not the partner's.</summary>
    public static LayerFault NotAuthentic(string diagnosis) => new(Disposition.AuthenticationFailed, "RFC 5652 §5.6", diagnosis);

    public SignatureVerdict Verify()
    {
        SignatureVerdict? worst = null;
        for (var i = 0; i < content.Signers.Count; i++)
        {
            var verdict = Check(content.Signers[i]);
            if (verdict.Fault is null)
                return verdict;
            if (worst is null || verdict.Fault.Disposition == Disposition.IntegrityCheckFailed)
                worst = verdict;
        }
        return worst ?? new SignatureVerdict(null, null, "no signer", default, NotAuthentic("The signature names no signer: it signs nothing."));
    }

    /// <summary>1 hash, 2 whose key, 3 the digest that was signed, 4 the window.</summary>
    private SignatureVerdict Check(SignerInfo signer)
    {
        // 1
        if (signer.Digest is not { } digest)
            return new SignatureVerdict(null, null, signer.DigestOid, default, NotAuthentic($"The digest {signer.DigestOid} is not supported."));
        if (contentDigest(digest) is not { } found)
            return new SignatureVerdict(null, digest, digest.WireName, default, NotAuthentic($"The content was not hashed with {digest}, which the signature uses."));

        // 2
        if (FindSigner(signer, digest, found) is not { } certificate)
            return Verdict(null, digest.WireName, WhyNobody(signer, digest));
        var algorithm = $"{digest}, {SignatureName(certificate, signer)}";

        // 3
        if (signer.Attributes is { } attributes && WhyAttributesDiffer(attributes, found) is { } fault)
            return Verdict(null, algorithm, fault);

        // 4
        if (certificate.IsInUse(now))
            return Verdict(certificate, algorithm, null, Remarks(certificate, signer));
        var window = $"{certificate} may be used from {certificate.NotBefore:u} to {certificate.NotAfter:u}, and it is {now:u}.";
        return acceptExpired
            ? Verdict(certificate, algorithm, null, [.. Remarks(certificate, signer), $"Signer outside its window: {window}"])
            : Verdict(null, algorithm, NotAuthentic($"The signature is genuine, but its certificate does not count now: {window}"));

        SignatureVerdict Verdict(As2Certificate? who, string how, LayerFault? why, string[]? remarks = null)
            => new(who, digest, how, found, why) { SigningTime = signer.Attributes?.SigningTime, Remarks = remarks ?? [] };
    }

    /// <summary>Who signed what the signature may be over: the signed attributes as they came, then as DER sorts them, or the content itself.</summary>
    private As2Certificate? FindSigner(SignerInfo signer, DigestAlgorithm digest, ReadOnlyMemory<byte> content)
    {
        if (signer.Attributes is not { } attributes)
            return FindSigner(signer, content.Span);
        using var octets = attributes.AsSent();
        Span<byte> hash = stackalloc byte[Digester.MaxBytes];
        hash = hash[..Digester.Hash(digest, octets.Span, hash)];
        return FindSigner(signer, hash) ?? (attributes.Sorted() is { } sorted ? FindSigner(signer, Digester.Hash(digest, sorted)) : null);
    }

    /// <summary>The certificate that the signature names is tried first: each try costs a public-key operation.</summary>
    private As2Certificate? FindSigner(SignerInfo signer, ReadOnlySpan<byte> hash)
    {
        foreach (var isNamed in (ReadOnlySpan<bool>)[true, false])
        {
            for (var i = 0; i < _candidates.Count; i++)
            {
                var candidate = _candidates[i];
                if (IsNamed(candidate, signer) == isNamed && IsValidSafely(candidate, signer, hash))
                    return candidate;
            }
        }
        return null;
    }

    private LayerFault? WhyAttributesDiffer(SignedAttributes attributes, ReadOnlyMemory<byte> found)
    {
        if (attributes.MessageDigest is not { } signed)
            return NotAuthentic("The signed attributes hold no messageDigest (RFC 5652 §11.2).");
        if (attributes.ContentType is { } type && type != content.ContentType)
            return NotAuthentic($"The signature is over content type {type}, the message says {content.ContentType}.");
        return CryptographicOperations.FixedTimeEquals(signed.Span, found.Span)
            ? null
            : Altered($"the partner signed {Convert.ToBase64String(signed.Span)}, received was {Convert.ToBase64String(found.Span)}.");
    }

    private LayerFault WhyNobody(SignerInfo signer, DigestAlgorithm digest)
    {
        var named = agreed.FirstOrDefault(c => IsNamed(c, signer));
        var expected = agreed.Count == 0 ? "no certificate is agreed" : "agreed are " + string.Join("; ", agreed.Select(Describe));
        if (named is null)
            return NotAuthentic($"Signed by {SignerName(signer)}; {expected}.");
        return signer.Attributes is null && named.RsaPublicKey is { } key && RsaSignature.IsOverOtherDigest(key, digest, signer.Signature.Span)
            ? Altered("the signature is genuine, over another digest.")
            : NotAuthentic($"The signature names {Describe(named)}, but its value is not made with that key.");
    }

    private static LayerFault Altered(string how)
        => new(Disposition.IntegrityCheckFailed, "RFC 5652 §5.4", $"The content was altered after signing: {how}");

    private static bool IsValidSafely(As2Certificate certificate, SignerInfo signer, ReadOnlySpan<byte> hash)
    {
        try
        {
            return IsValid(certificate, signer, hash);
        }
        catch (Exception e) when (e is CryptographicException or AsnContentException or Org.BouncyCastle.Crypto.CryptoException)
        {
            // A malformed value is an invalid one: the partner wrote it, and the verdict says so.
            return false;
        }
    }

    // The digest is that of digestAlgorithm, also where signatureAlgorithm is a bare rsaEncryption or, from some products, a digest.
    private static bool IsValid(As2Certificate certificate, SignerInfo signer, ReadOnlySpan<byte> hash)
    {
        var signature = signer.Signature.Span;
        if (signer.SignatureOid == SignatureMethod.Ed25519Oid)
            return IsValidEd25519(certificate, signer);
        if (certificate.EcdsaPublicKey is { } ecdsa)
            return ecdsa.VerifyHash(hash, signature, DSASignatureFormat.Rfc3279DerSequence);
        if (certificate.RsaPublicKey is not { } rsa)
            return false;
        if (signer.SignatureOid != SignatureMethod.RsaPssOid)
            return RsaSignature.VerifyPkcs1(rsa, signer.Digest!, hash, signature);
        var pss = PssParameters.Read(signer.SignatureParameters, signer.Digest!);
        return pss.Digest == signer.Digest && RsaSignature.VerifyPss(rsa, pss, hash, signature);
    }

    // RFC 8419: Ed25519 signs the attributes themselves, not their digest. The platform has no Ed25519.
    private static bool IsValidEd25519(As2Certificate certificate, SignerInfo signer)
    {
        var key = certificate.Certificate.PublicKey;
        if (key.Oid.Value != SignatureMethod.Ed25519Oid || signer.Attributes is null || key.EncodedKeyValue.RawData.Length != 32)
            return false;
        var verifier = new Ed25519Signer();
        verifier.Init(false, new Ed25519PublicKeyParameters(key.EncodedKeyValue.RawData));
        using var octets = signer.Attributes.AsSent();
        verifier.BlockUpdate(signer.Attributes.Sorted() ?? octets.Span);
        return verifier.VerifySignature(signer.Signature.ToArray());
    }

    private static bool IsNamed(As2Certificate certificate, SignerInfo signer)
        => signer.SubjectKeyIdentifier.IsEmpty
            ? signer.IssuerAndSerialNumber.Span.SequenceEqual(certificate.IssuerAndSerialNumber.Span)
            : signer.SubjectKeyIdentifier.Span.SequenceEqual(certificate.SubjectKeyIdentifier.Span);

    private static string[] Remarks(As2Certificate certificate, SignerInfo signer)
        => IsNamed(certificate, signer) ? [] : [$"The signature names {SignerName(signer)}, and was made with the key of {certificate}."];

    private static string SignatureName(As2Certificate certificate, SignerInfo signer) => signer.SignatureOid switch
    {
        SignatureMethod.Ed25519Oid => "Ed25519",
        SignatureMethod.RsaPssOid => "RSASSA-PSS",
        _ => certificate.RsaPublicKey is null ? "ECDSA" : "RSA PKCS#1",
    };

    private static string Describe(As2Certificate certificate)
        => certificate.TrustedSubject is { } subject
            ? $"{subject}, issued by {certificate.Certificate.Subject}"
            : $"{certificate.Certificate.Subject}, serial {certificate.Certificate.SerialNumber}";

    private static string SignerName(SignerInfo signer)
    {
        if (!signer.SubjectKeyIdentifier.IsEmpty)
            return $"key {Convert.ToHexString(signer.SubjectKeyIdentifier.Span)}";
        try
        {
            var name = new BerReader(signer.IssuerAndSerialNumber).ReadSequence();
            var issuer = new X500DistinguishedName(name.ReadEncodedValue().Span).Name;
            return string.Create(CultureInfo.InvariantCulture, $"issuer {issuer}, serial {Convert.ToHexString(name.ReadIntegerBytes())}");
        }
        catch (Exception e) when (e is AsnContentException or CryptographicException)
        {
            return "a signer whose name cannot be read";
        }
    }
}
