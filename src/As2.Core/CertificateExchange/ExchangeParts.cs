using As2.Certificates;
using As2.Storage;

namespace As2.CertificateExchange;

/// <summary>The payloads of our messages in an exchange.</summary>
internal static class ExchangeParts
{
    /// <summary>A request: the XML, and a part for each certificate.</summary>
    /// <param name="exchange">Ours.</param>
    /// <param name="offered">Our certificates with their issuers, as far as they are at hand; the exchange holds what is needed.</param>
    public static IReadOnlyList<StoredPayload> OfRequest(Exchange exchange, IReadOnlyList<As2Certificate> offered)
    {
        var requests = exchange.Certificates.Select((c, i) => new TrustRequest
        {
            Usages = c.Usages, RespondBy = c.RespondBy, ResponseUrl = exchange.ResponseUrl, EndEntity = new OfferedPart(c.Identifier, ContentId(exchange, i)),
        });
        var xml = ExchangeWriter.Write(new ExchangeRequest(exchange.RequestId, exchange.Local.Value, exchange.Created, [.. requests]));
        return [Xml(exchange, xml), .. exchange.Certificates.Select((c, i) => Certificate(exchange, i, c, offered))];
    }

    /// <summary>A response: the XML alone, in multipart/related all the same.</summary>
    public static IReadOnlyList<StoredPayload> OfResponse(Exchange exchange, DateTimeOffset now)
    {
        var responses = exchange.Certificates.Select(c => new TrustResponse(c.Identifier, c.Status == ExchangeStatus.Accepted, c.Status == ExchangeStatus.Rejected ? c.Reason : null));
        return [Xml(exchange, ExchangeWriter.Write(new ExchangeResponse(exchange.RequestId, exchange.Local.Value, now, [.. responses])))];
    }

    private static StoredPayload Xml(Exchange exchange, byte[] xml)
        => new(StoredContent.FromBytes(xml), ExchangeMedia.Xml, null) { ContentId = $"exchange-{exchange.Id}@as2sdk" };

    private static StoredPayload Certificate(Exchange exchange, int index, ExchangedCertificate about, IReadOnlyList<As2Certificate> offered)
    {
        using var alone = new As2Certificate(System.Security.Cryptography.X509Certificates.X509CertificateLoader.LoadCertificate(about.Der!.Value.Span));
        var octets = CertificatesOnly.Write(offered.FirstOrDefault(o => o.Thumbprint == about.Thumbprint) ?? alone);
        return new(StoredContent.FromBytes(octets), ExchangeMedia.CertificatesOnly, $"certificate-{index + 1}.p7c") { ContentId = ContentId(exchange, index) };
    }

    private static string ContentId(Exchange exchange, int index) => $"certificate-{exchange.Id}-{index + 1}@as2sdk";
}
