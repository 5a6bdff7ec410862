namespace As2.Payloads;

/// <summary>A payload to send: its content can be opened again, so that a failure half-way costs nothing. Immutable.</summary>
public sealed record Payload
{
    /// <summary>Opens the content from its start; called once per attempt to pack it. The caller disposes the stream.</summary>
    public required Func<CancellationToken, ValueTask<Stream>> OpenAsync { get; init; }

    /// <summary>The MIME type, for example <c>application/EDI-X12</c>. Null: that of the partnership.</summary>
    public string? ContentType { get; init; }

    /// <summary>The name that the partner sees, or null.</summary>
    public string? FileName { get; init; }

    /// <summary>Its Content-ID without brackets, for other payloads of the message to refer to (RFC 2392); null: none.</summary>
    public string? ContentId { get; init; }

    /// <summary>Length in bytes, where it is known.</summary>
    public long? Length { get; init; }

    /// <summary>A payload from a file.</summary>
    /// <param name="path">An existing file.</param>
    /// <param name="contentType">Its MIME type. Null: that of the partnership.</param>
    public static Payload FromFile(string path, string? contentType = null) => new()
    {
        OpenAsync = _ => ValueTask.FromResult<Stream>(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 0, useAsync: false)),
        ContentType = contentType,
        FileName = Path.GetFileName(path),
        Length = new FileInfo(path).Length,
    };

    /// <summary>A payload from memory.</summary>
    public static Payload FromBytes(ReadOnlyMemory<byte> content, string? fileName = null, string? contentType = null) => new()
    {
        OpenAsync = _ => ValueTask.FromResult<Stream>(new MemoryStream(content.ToArray(), writable: false)),
        ContentType = contentType,
        FileName = fileName,
        Length = content.Length,
    };
}

/// <summary>What the innermost entity says about one payload.</summary>
public sealed record PayloadHeader
{
    /// <summary>Its media type without parameters, lower-case where it is a registered one; <c>application/octet-stream</c> when absent.</summary>
    public string ContentType { get; init; } = "application/octet-stream";

    /// <summary>The file name as the partner wrote it, decoded (RFC 2183, 2231, 2047); never used as a path. Null when absent.</summary>
    public string? FileName { get; init; }

    /// <summary>Content-ID without brackets, or null.</summary>
    public string? ContentId { get; init; }
}

/// <summary>
/// Where the layers put payloads as they come out. Nothing handed over here may reach an application before
/// <see cref="Layers.LayerReader.Complete"/> returned without a fault.
/// </summary>
public interface IPayloadSink
{
    /// <summary>A payload begins: its octets go to the sink returned. Ends when the next one begins or the walk completes.</summary>
    Layers.IOctetSink Begin(PayloadHeader header);
}
