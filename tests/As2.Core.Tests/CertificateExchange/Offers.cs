using System.Text;
using As2.CertificateExchange;
using As2.Certificates;
using As2.Payloads;

namespace As2.Core.Tests.CertificateExchange;

/// <summary>Requests and responses as Alice's product would send them, right or wrong.</summary>
internal static class Offers
{
    public const string RequestId = "request 1";

    /// <summary>A request for one certificate.</summary>
    public static Payload Request(As2Certificate certificate, Func<ExchangeRequest, ExchangeRequest>? adapt = null)
    {
        var request = new ExchangeRequest(RequestId, "alice", DateTimeOffset.UnixEpoch,
        [
            new TrustRequest
            {
                Usages = [CertificateUsage.DigitalSignature, CertificateUsage.KeyEncipherment], ResponseUrl = "http://alice.invalid/as2",
                EndEntity = new OfferedPart(CertificateIdentifier.Of(certificate.Certificate), "part@alice"),
            },
        ]);
        return Xml(ExchangeWriter.Write(adapt?.Invoke(request) ?? request));
    }

    /// <summary>The request with another word about its certificate.</summary>
    public static ExchangeRequest With(this ExchangeRequest request, Func<TrustRequest, TrustRequest> adapt) => request with { Requests = [adapt(request.Requests[0])] };

    /// <summary>A response for one certificate.</summary>
    public static Payload Response(string requestId, As2Certificate certificate, bool accept, string name = "alice")
        => Xml(ExchangeWriter.Write(new ExchangeResponse(requestId, name, null, [new TrustResponse(CertificateIdentifier.Of(certificate.Certificate), accept, null)])));

    /// <summary>The part that holds the certificate.</summary>
    public static Payload Part(As2Certificate certificate) => Payload.FromBytes(CertificatesOnly.Write(certificate), "c.p7c", ExchangeMedia.CertificatesOnly) with { ContentId = "part@alice" };

    public static Payload Xml(byte[] octets) => Payload.FromBytes(octets, contentType: ExchangeMedia.Xml) with { ContentId = "xml@alice" };

    public static byte[] Octets(this string text) => Encoding.UTF8.GetBytes(text);

    public static async Task<byte[]> OctetsAsync(this Payload payload)
    {
        await using var content = await payload.OpenAsync(default);
        using var copy = new MemoryStream();
        await content.CopyToAsync(copy);
        return copy.ToArray();
    }
}
