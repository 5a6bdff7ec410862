using System.Xml.Linq;

namespace As2.CertificateExchange;

/// <summary>The names of the XML format (draft-meadors-certificate-exchange-14).</summary>
internal static class ExchangeNames
{
    public const string Request = "EDIINTCertificateExchangeRequest";
    public const string Response = "EDIINTCertificateExchangeResponse";
    public const string RequestId = "requestId";
    public const string TradingPartnerInfo = "TradingPartnerInfo";
    public const string Name = "Name";
    public const string Qualifier = "qualifier";
    public const string MessageOriginated = "MessageOriginated";
    public const string TrustRequest = "TrustRequest";
    public const string CertUsage = "CertUsage";
    public const string RespondByDate = "RespondByDate";
    public const string ResponseUrl = "ResponseURL";
    public const string EndEntity = "EndEntity";
    public const string TrustChain = "TrustChain";
    public const string CertificateIdentifier = "CertificateIdentifier";
    public const string CertificateContentId = "CertificateContentID";
    public const string TrustResponse = "TrustResponse";
    public const string CertStatus = "CertStatus";
    public const string Accepted = "Accepted";
    public const string Rejected = "Rejected";
    public const string Reason = "ReasonForRejection";
    public const string CertificateReference = "CertificateReference";

    /// <summary>Of XML-DSig.</summary>
    public const string IssuerName = "X509IssuerName";

    /// <inheritdoc cref="IssuerName"/>
    public const string SerialNumber = "X509SerialNumber";

    public static readonly XNamespace Namespace = "urn:ietf:params:xml:ns:ediintcertificateexchange";
    public static readonly XNamespace Signature = "http://www.w3.org/2000/09/xmldsig#";
}
