using System.Globalization;
using System.Numerics;
using System.Security.Cryptography.X509Certificates;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.X509;

namespace As2.CertificateExchange;

/// <summary>
/// Points to a certificate as XML-DSig does: issuer in the text form of RFC 2253, serial number in decimal. Products write the same
/// issuer in different ways, so it is compared as a name, attribute by attribute, never as text.
/// </summary>
/// <param name="Issuer">X509IssuerName.</param>
/// <param name="SerialNumber">X509SerialNumber.</param>
internal sealed record CertificateIdentifier(string Issuer, string SerialNumber)
{
    /// <summary>The identifier of a certificate.</summary>
    public static CertificateIdentifier Of(X509Certificate2 certificate)
        => new(NameOf(certificate).ToString(true, X509Name.RFC2253Symbols), SerialOf(certificate).ToString(CultureInfo.InvariantCulture));

    /// <summary>True when it points to this certificate.</summary>
    public bool PointsTo(X509Certificate2 certificate)
        => BigInteger.TryParse(SerialNumber, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var serial)
            && (serial == SerialOf(certificate) || serial == new BigInteger(certificate.SerialNumberBytes.Span, isUnsigned: true, isBigEndian: true))
            && TryReadName(Issuer) is { } issuer && issuer.Equivalent(NameOf(certificate), inOrder: false);

    /// <summary>True when both point to one certificate.</summary>
    public bool IsSameAs(CertificateIdentifier other)
        => BigInteger.TryParse(SerialNumber, out var ours) && BigInteger.TryParse(other.SerialNumber, out var theirs) && ours == theirs
            && TryReadName(Issuer) is { } issuer && TryReadName(other.Issuer) is { } name && issuer.Equivalent(name, inOrder: false);

    /// <summary>For people.</summary>
    public override string ToString() => $"serial {SerialNumber} of {Issuer}";

    private static BigInteger SerialOf(X509Certificate2 certificate) => new(certificate.SerialNumberBytes.Span, isUnsigned: false, isBigEndian: true);

    private static X509Name NameOf(X509Certificate2 certificate) => X509Name.GetInstance(Asn1Object.FromByteArray(certificate.IssuerName.RawData));

    private static X509Name? TryReadName(string text)
    {
        try
        {
            return new X509Name(text);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or IOException)
        {
            return TryReadWindowsName(text);
        }
    }

    /// <summary>Keywords of Windows and .NET, such as S for ST.</summary>
    private static X509Name? TryReadWindowsName(string text)
    {
        try
        {
            return X509Name.GetInstance(Asn1Object.FromByteArray(new X500DistinguishedName(text).RawData));
        }
        catch (System.Security.Cryptography.CryptographicException)
        {
            // No name at all: it points to nothing.
            return null;
        }
    }
}
