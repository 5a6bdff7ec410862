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
        => TryReadSerial(SerialNumber) is { } serial
            && (serial == SerialOf(certificate) || serial == new BigInteger(certificate.SerialNumberBytes.Span, isUnsigned: true, isBigEndian: true))
            && AreSame(() => (ReadName(Issuer), NameOf(certificate)));

    /// <summary>True when both point to one certificate.</summary>
    public bool IsSameAs(CertificateIdentifier other)
        => TryReadSerial(SerialNumber) is { } serial && serial == TryReadSerial(other.SerialNumber) && AreSame(() => (ReadName(Issuer), ReadName(other.Issuer)));

    /// <summary>For people.</summary>
    public override string ToString() => $"serial {SerialNumber} of {Issuer}";

    private static BigInteger SerialOf(X509Certificate2 certificate) => new(certificate.SerialNumberBytes.Span, isUnsigned: false, isBigEndian: true);

    private static X509Name NameOf(X509Certificate2 certificate) => X509Name.GetInstance(Asn1Object.FromByteArray(certificate.IssuerName.RawData));

    private static BigInteger? TryReadSerial(string text)
        => BigInteger.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var serial) ? serial : null;

    private static bool AreSame(Func<(X509Name One, X509Name Other)> names)
    {
        try
        {
            var (one, other) = names();
            return one.Equivalent(other, inOrder: false);
        }
        catch (Exception e) when (IsOfName(e))
        {
            // No name at all: it points to nothing.
            return false;
        }
    }

    private static X509Name ReadName(string text)
    {
        try
        {
            return new X509Name(text);
        }
        catch (Exception e) when (IsOfName(e))
        {
            // Keywords of Windows and .NET, such as S for ST.
            return X509Name.GetInstance(Asn1Object.FromByteArray(new X500DistinguishedName(text).RawData));
        }
    }

    /// <summary>What BouncyCastle throws for a text that is no name, a bare Exception among it; and .NET.</summary>
    private static bool IsOfName(Exception e)
        => e is ArgumentException or FormatException or IOException or InvalidOperationException or IndexOutOfRangeException or System.Security.Cryptography.CryptographicException
            || e.GetType() == typeof(Exception);
}
