using System.Formats.Asn1;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using As2.Certificates;
using As2.Layers;

namespace As2.Tool.Inspection;

/// <summary>
/// What a signature says about itself, whether or not anybody agreed to believe it: whom it names, which certificates it carries, and
/// whether it is genuine under one of those.
/// </summary>
internal sealed record SignatureEvidence
{
    /// <summary>The certificate in the message under which the signature is genuine, or null.</summary>
    public As2Certificate? Carried { get; private init; }

    /// <summary>The digest of what it covers, as it came, or null.</summary>
    public MessageIntegrityCheck? ContentDigest { get; private init; }

    /// <summary>The issuer it names, or null.</summary>
    public string? Issuer { get; private init; }

    /// <summary>The serial number it names in hexadecimal, or null.</summary>
    public string? Serial { get; private init; }

    /// <summary>The claimed time, or null.</summary>
    public DateTimeOffset? SigningTime { get; private init; }

    /// <summary>Reads a signature; what cannot be read is left out.</summary>
    public static SignatureEvidence Read(
        ReadOnlyMemory<byte> cms, Func<DigestAlgorithm, ReadOnlyMemory<byte>?> contentDigest, DateTimeOffset now)
    {
        if (!SignedDataReader.TryRead(cms, LayerLimits.Default, out var content, out _) || content.Signers is not [var signer, ..])
            return new SignatureEvidence();
        var carried = content.Certificates.Select(TryLoad).OfType<As2Certificate>().ToList();
        var (issuer, serial) = NameOf(signer);
        return new SignatureEvidence
        {
            Carried = SignedData.Verify(cms, contentDigest, carried, now, LayerLimits.Default).Signer,
            ContentDigest = signer.Digest is { } digest && contentDigest(digest) is { } value ? new MessageIntegrityCheck(digest, value) : null,
            Issuer = issuer,
            Serial = serial,
            SigningTime = signer.Attributes?.SigningTime,
        };
    }

    // In use at any time: whether it counts is another question than whether the signature is genuine.
    private static As2Certificate? TryLoad(ReadOnlyMemory<byte> der)
    {
        try
        {
            return new As2Certificate(X509CertificateLoader.LoadCertificate(der.Span), DateTimeOffset.MinValue, DateTimeOffset.MaxValue);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private static (string? Issuer, string? Serial) NameOf(SignerInfo signer)
    {
        if (signer.IssuerAndSerialNumber.IsEmpty)
            return (null, null);
        try
        {
            var name = new AsnReader(signer.IssuerAndSerialNumber, AsnEncodingRules.BER).ReadSequence();
            var issuer = new X500DistinguishedName(name.ReadEncodedValue().Span).Name;
            return (issuer, name.ReadInteger().ToString("x", CultureInfo.InvariantCulture));
        }
        catch (Exception e) when (e is AsnContentException or CryptographicException)
        {
            return (null, null);
        }
    }
}
