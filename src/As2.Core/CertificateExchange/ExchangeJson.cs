using System.Text.Json;
using System.Text.Json.Serialization;
using As2.Agreements;

namespace As2.CertificateExchange;

/// <summary>An exchange as a file: fields that an operator can read, and that later versions can add to.</summary>
internal static class ExchangeJson
{
    public static byte[] Write(Exchange exchange) => JsonSerializer.SerializeToUtf8Bytes(ExchangeFile.Of(exchange), ExchangeFileContext.Default.ExchangeFile);

    /// <exception cref="JsonException">It is something else.</exception>
    /// <exception cref="ArgumentException">A name in it is no AS2 name.</exception>
    public static Exchange Read(byte[] octets)
        => JsonSerializer.Deserialize(octets, ExchangeFileContext.Default.ExchangeFile)?.ToExchange() ?? throw new JsonException("the file is empty");
}

/// <summary>The shape of the file.</summary>
internal sealed record ExchangeFile
{
    public required string Id { get; init; }

    public required int Version { get; init; }

    public required ExchangeSide Side { get; init; }

    public required string Local { get; init; }

    public required string Partner { get; init; }

    public required string RequestId { get; init; }

    public required DateTimeOffset Created { get; init; }

    public string ResponseUrl { get; init; } = "";

    public required IReadOnlyList<ExchangeFileCertificate> Certificates { get; init; }

    public string? SentMessage { get; init; }

    public string? ReceivedMessage { get; init; }

    public static ExchangeFile Of(Exchange e) => new()
    {
        Id = e.Id, Version = e.Version, Side = e.Side, Local = e.Local.Value, Partner = e.Partner.Value, RequestId = e.RequestId, Created = e.Created,
        ResponseUrl = e.ResponseUrl, SentMessage = e.SentMessage, ReceivedMessage = e.ReceivedMessage,
        Certificates = [.. e.Certificates.Select(ExchangeFileCertificate.Of)],
    };

    public Exchange ToExchange() => new()
    {
        Id = Id, Version = Version, Side = Side, Local = new As2Identifier(Local), Partner = new As2Identifier(Partner), RequestId = RequestId,
        Created = Created, ResponseUrl = ResponseUrl, SentMessage = SentMessage, ReceivedMessage = ReceivedMessage,
        Certificates = [.. Certificates.Select(c => c.ToCertificate())],
    };
}

/// <summary>A certificate in the file.</summary>
internal sealed record ExchangeFileCertificate
{
    public required string Issuer { get; init; }

    public required string SerialNumber { get; init; }

    /// <summary>Empty means none: the serializer writes null so.</summary>
    public byte[]? Der { get; init; }

    public string? Thumbprint { get; init; }

    public IReadOnlyList<CertificateUsage> Usages { get; init; } = [];

    public DateTimeOffset? RespondBy { get; init; }

    public ExchangeStatus Status { get; init; }

    public DateTimeOffset? Decided { get; init; }

    public string? Reason { get; init; }

    public static ExchangeFileCertificate Of(ExchangedCertificate c) => new()
    {
        Issuer = c.Issuer, SerialNumber = c.SerialNumber, Der = c.Der?.ToArray(), Thumbprint = c.Thumbprint, Usages = c.Usages, RespondBy = c.RespondBy,
        Status = c.Status, Decided = c.Decided, Reason = c.Reason,
    };

    public ExchangedCertificate ToCertificate() => new()
    {
        Issuer = Issuer, SerialNumber = SerialNumber, Der = Der is { Length: > 0 } ? Der : default(ReadOnlyMemory<byte>?), Thumbprint = Thumbprint, Usages = Usages,
        RespondBy = RespondBy, Status = Status, Decided = Decided, Reason = Reason,
    };
}

[JsonSourceGenerationOptions(WriteIndented = true, UseStringEnumConverter = true)]
[JsonSerializable(typeof(ExchangeFile))]
internal sealed partial class ExchangeFileContext : JsonSerializerContext;
