using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using As2.Receipts;

namespace As2.CertificateExchange;

/// <summary>
/// Reads the XML of an exchange: elements in any order, any prefix; no DTD, no external entity, at most <see cref="MaxBytes"/>.
/// </summary>
internal static class ExchangeReader
{
    /// <summary>The longest XML that is read.</summary>
    public const int MaxBytes = 1 << 20;

    private const int MaxRequests = 20;
    private const int MaxText = 1000;

    private static readonly XmlReaderSettings s_settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = MaxBytes, MaxCharactersFromEntities = 1024,
        IgnoreComments = true, IgnoreProcessingInstructions = true,
    };

    /// <summary>Reads a request or a response.</summary>
    /// <exception cref="ProtocolFault">It is neither.</exception>
    public static ExchangeMessage Read(ReadOnlyMemory<byte> octets)
    {
        if (octets.Length > MaxBytes)
            throw Fault($"The XML has {octets.Length} bytes, more than {MaxBytes}.");
        var root = Load(WithoutTrailer(octets));
        if (root.Name.Namespace != ExchangeNames.Namespace)
            throw Fault($"The XML is in the namespace '{Shorten(root.Name.NamespaceName)}', not in that of a certificate exchange.");
        return root.Name.LocalName switch
        {
            ExchangeNames.Request => ReadRequest(root),
            ExchangeNames.Response => ReadResponse(root),
            _ => throw Fault($"The XML is neither request nor response but '{Shorten(root.Name.LocalName)}'."),
        };
    }

    /// <summary>Products leave line ends and zeros behind the end of the document.</summary>
    private static ReadOnlyMemory<byte> WithoutTrailer(ReadOnlyMemory<byte> octets)
        => octets.Span.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || octets.Span.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF])
            ? octets // UTF-16: a zero may be half a character
            : octets[..(octets.Span.LastIndexOfAnyExcept("\0\t\r\n "u8) + 1)];

    private static XElement Load(ReadOnlyMemory<byte> octets)
    {
        try
        {
            using var reader = XmlReader.Create(new MemoryStream(octets.ToArray(), writable: false), s_settings);
            return XDocument.Load(reader).Root!;
        }
        catch (XmlException e)
        {
            throw Fault($"The XML cannot be read: {e.Message}", e);
        }
    }

    private static ExchangeRequest ReadRequest(XElement root)
    {
        var requests = Children(root, ExchangeNames.TrustRequest).Take(MaxRequests + 1).Select(ReadTrustRequest).ToList();
        if (requests.Count is 0 or > MaxRequests)
            throw Fault($"There are {(requests.Count == 0 ? "no" : $"more than {MaxRequests}")} certificates in the request.");
        return new ExchangeRequest(RequestId(root), NameOf(root), Moment(Info(root), ExchangeNames.MessageOriginated), requests);
    }

    private static TrustRequest ReadTrustRequest(XElement request) => new()
    {
        Usages = [.. Children(request, ExchangeNames.CertUsage).Select(u => CertificateUsages.Find(u.Value.Trim())
            ?? throw Fault($"The usage '{Shorten(u.Value)}' is not known.")).Distinct()],
        RespondBy = Moment(request, ExchangeNames.RespondByDate),
        ResponseUrl = Optional(request, ExchangeNames.ResponseUrl) ?? "",
        EndEntity = ReadPart(Child(request, ExchangeNames.EndEntity)),
        Chain = [.. Children(request, ExchangeNames.TrustChain).Take(MaxRequests).Select(ReadPart)],
    };

    private static OfferedPart ReadPart(XElement part)
    {
        var id = Text(part, ExchangeNames.CertificateContentId);
        if (id.StartsWith("cid:", StringComparison.OrdinalIgnoreCase))
            id = id[4..];
        return new OfferedPart(ReadIdentifier(Child(part, ExchangeNames.CertificateIdentifier)), id.Trim('<', '>', ' '));
    }

    private static CertificateIdentifier ReadIdentifier(XElement identifier)
        => new(Text(identifier, ExchangeNames.IssuerName), Text(identifier, ExchangeNames.SerialNumber));

    private static ExchangeResponse ReadResponse(XElement root)
    {
        var responses = Children(root, ExchangeNames.TrustResponse).Take(MaxRequests + 1).Select(ReadTrustResponse).ToList();
        if (responses.Count is 0 or > MaxRequests)
            throw Fault($"There are {(responses.Count == 0 ? "no" : $"more than {MaxRequests}")} certificates in the response.");
        return new ExchangeResponse(RequestId(root), NameOf(root), Moment(Info(root), ExchangeNames.MessageOriginated), responses);
    }

    private static TrustResponse ReadTrustResponse(XElement response) => new(
        ReadIdentifier(Child(response, ExchangeNames.CertificateReference)),
        Text(response, ExchangeNames.CertStatus) switch
        {
            var word when word.Equals(ExchangeNames.Accepted, StringComparison.OrdinalIgnoreCase) => true,
            var word when word.Equals(ExchangeNames.Rejected, StringComparison.OrdinalIgnoreCase) => false,
            var word => throw Fault($"The status '{word}' is neither Accepted nor Rejected."),
        },
        Optional(response, ExchangeNames.Reason));

    private static string RequestId(XElement root)
        => root.Attributes().FirstOrDefault(a => a.Name.LocalName == ExchangeNames.RequestId)?.Value.Trim() is { Length: > 0 and <= MaxText } id
            ? id
            : throw Fault("There is no requestId, or it is too long.");

    private static XElement Info(XElement root) => Child(root, ExchangeNames.TradingPartnerInfo);

    private static string NameOf(XElement root) => Text(Info(root), ExchangeNames.Name);

    private static IEnumerable<XElement> Children(XElement parent, string name) => parent.Elements().Where(e => e.Name.LocalName == name);

    private static XElement Child(XElement parent, string name)
        => Children(parent, name).FirstOrDefault() ?? throw Fault($"{parent.Name.LocalName} has no {name}.");

    private static string Text(XElement parent, string name)
        => Optional(parent, name) is { Length: > 0 } text ? text : throw Fault($"{parent.Name.LocalName} has no {name}.");

    private static string? Optional(XElement parent, string name)
        => Children(parent, name).FirstOrDefault()?.Value.Trim() is not { } text ? null
            : text.Length <= MaxText ? text : throw Fault($"{name} is longer than {MaxText} characters.");

    /// <summary>A moment with an offset; without one it is UTC. What cannot be read counts as absent.</summary>
    private static DateTimeOffset? Moment(XElement parent, string name)
        => DateTimeOffset.TryParse(Optional(parent, name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment) ? moment : null;

    private static string Shorten(string text) => text.Length <= 40 ? text : text[..40] + "…";

    private static ProtocolFault Fault(string diagnosis, Exception? inner = null)
        => new(Disposition.UnexpectedProcessingError, "draft-meadors-certificate-exchange §2", diagnosis, inner);
}
