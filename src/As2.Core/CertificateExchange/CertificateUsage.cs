using System.Security.Cryptography.X509Certificates;
using As2.Certificates;

namespace As2.CertificateExchange;

/// <summary>What an exchanged certificate is for (CertUsage).</summary>
public enum CertificateUsage
{
    /// <summary>It signs messages and receipts: <c>digitalSignature</c>.</summary>
    DigitalSignature,

    /// <summary>Messages are encrypted to its RSA key: <c>keyEncipherment</c>.</summary>
    KeyEncipherment,

    /// <summary>Messages are encrypted to its EC key: <c>keyAgreement</c>.</summary>
    KeyAgreement,

    /// <summary>It is a server's in TLS: <c>tlsServer</c>. Of a partner, it counts beside those of the role TlsServer, where there are any.</summary>
    TlsServer,

    /// <summary>It is a client's in TLS: <c>tlsClient</c>. Ours is shown once it was accepted; whom our server lets in is the host's affair.</summary>
    TlsClient,
}

/// <summary>The words of the format.</summary>
internal static class CertificateUsages
{
    private static readonly (string Word, CertificateUsage Usage)[] s_words =
    [
        ("digitalSignature", CertificateUsage.DigitalSignature), ("keyEncipherment", CertificateUsage.KeyEncipherment),
        ("keyAgreement", CertificateUsage.KeyAgreement), ("tlsServer", CertificateUsage.TlsServer), ("tlsClient", CertificateUsage.TlsClient),
    ];

    public static string ToWord(this CertificateUsage usage) => s_words.First(w => w.Usage == usage).Word;

    public static CertificateUsage? Find(string word)
        => s_words.Where(w => w.Word.Equals(word, StringComparison.OrdinalIgnoreCase)).Select(w => (CertificateUsage?)w.Usage).FirstOrDefault();

    /// <summary>What a certificate's key usage allows; signing and encrypting where it says nothing.</summary>
    public static IReadOnlyList<CertificateUsage> Of(As2Certificate certificate)
    {
        const X509KeyUsageFlags Signing = X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.NonRepudiation;
        const X509KeyUsageFlags Encrypting = X509KeyUsageFlags.KeyEncipherment | X509KeyUsageFlags.KeyAgreement;
        var allowed = certificate.Certificate.Extensions.OfType<X509KeyUsageExtension>().FirstOrDefault()?.KeyUsages ?? (Signing | Encrypting);
        var usages = new List<CertificateUsage>();
        if ((allowed & Signing) != 0)
            usages.Add(CertificateUsage.DigitalSignature);
        if ((allowed & Encrypting) != 0)
            usages.Add(certificate.RsaPublicKey is null ? CertificateUsage.KeyAgreement : CertificateUsage.KeyEncipherment);
        return usages;
    }

    public static bool Signs(this ExchangedCertificate certificate) => certificate.Usages.Contains(CertificateUsage.DigitalSignature);

    public static bool Encrypts(this ExchangedCertificate certificate)
        => certificate.Usages.Contains(CertificateUsage.KeyEncipherment) || certificate.Usages.Contains(CertificateUsage.KeyAgreement);
}
