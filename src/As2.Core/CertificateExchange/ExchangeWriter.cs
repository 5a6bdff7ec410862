using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace As2.CertificateExchange;

/// <summary>Writes the XML of an exchange, elements in the order of the format, nothing behind its end.</summary>
internal static class ExchangeWriter
{
    private static readonly XmlWriterSettings s_settings = new()
    {
        Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), Indent = true, NewLineChars = "\r\n",
    };

    public static byte[] Write(ExchangeRequest request)
        => Write(Root(ExchangeNames.Request, request, request.Requests.Select(r => Element(
            ExchangeNames.TrustRequest,
            r.Usages.Select(u => Element(ExchangeNames.CertUsage, u.ToWord())),
            r.RespondBy is { } by ? Element(ExchangeNames.RespondByDate, Moment(by)) : null,
            Element(ExchangeNames.ResponseUrl, r.ResponseUrl),
            Part(ExchangeNames.EndEntity, r.EndEntity),
            r.Chain.Select(c => Part(ExchangeNames.TrustChain, c))))));

    public static byte[] Write(ExchangeResponse response)
        => Write(Root(ExchangeNames.Response, response, response.Responses.Select(r => Element(
            ExchangeNames.TrustResponse,
            Element(ExchangeNames.CertStatus, r.IsAccepted ? ExchangeNames.Accepted : ExchangeNames.Rejected),
            r.IsAccepted || r.Reason is null ? null : Element(ExchangeNames.Reason, r.Reason),
            Identifier(ExchangeNames.CertificateReference, r.Certificate)))));

    private static XElement Root(string name, ExchangeMessage message, IEnumerable<XElement> content) => Element(
        name,
        new XAttribute(XNamespace.Xmlns + "ds", ExchangeNames.Signature),
        new XAttribute(ExchangeNames.RequestId, message.RequestId),
        Element(
            ExchangeNames.TradingPartnerInfo,
            Element(ExchangeNames.Name, new XAttribute(ExchangeNames.Qualifier, "AS2"), message.Name),
            message.Originated is { } moment ? Element(ExchangeNames.MessageOriginated, Moment(moment)) : null),
        content);

    private static XElement Part(string name, OfferedPart part) => Element(
        name, Identifier(ExchangeNames.CertificateIdentifier, part.Certificate), Element(ExchangeNames.CertificateContentId, part.ContentId));

    private static XElement Identifier(string name, CertificateIdentifier certificate) => Element(
        name,
        new XElement(ExchangeNames.Signature + ExchangeNames.IssuerName, certificate.Issuer),
        new XElement(ExchangeNames.Signature + ExchangeNames.SerialNumber, certificate.SerialNumber));

    private static XElement Element(string name, params object?[] content) => new(ExchangeNames.Namespace + name, content);

    private static string Moment(DateTimeOffset moment) => moment.ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);

    private static byte[] Write(XElement root)
    {
        using var octets = new MemoryStream();
        using (var writer = XmlWriter.Create(octets, s_settings))
            root.Save(writer);
        return octets.ToArray();
    }
}
