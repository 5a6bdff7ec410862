namespace As2.CertificateExchange;

/// <summary>The media types of a certificate exchange (draft-meadors-certificate-exchange-14 §2).</summary>
internal static class ExchangeMedia
{
    /// <summary>A request or a response.</summary>
    public const string Xml = "application/ediint-cert-exchange+xml";

    /// <summary>Certificates without a signature around anything (RFC 8551 §3.8).</summary>
    public const string CertificatesOnly = "application/pkcs7-mime; smime-type=certs-only";

    /// <summary>True for the type of a request or a response.</summary>
    public static bool IsExchange(string contentType) => contentType.StartsWith(Xml, StringComparison.OrdinalIgnoreCase)
        && (contentType.Length == Xml.Length || contentType[Xml.Length] is ';' or ' ');
}
