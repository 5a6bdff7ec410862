using As2.Agreements;
using As2.Storage;

namespace As2.Payloads;

/// <summary>The application's one method: takes received payloads.</summary>
public interface IPayloadHandler
{
    /// <summary>
    /// Takes one message. Called after the message is durable and its receipt was stored; an exception means that it is called
    /// again later. After a crash it may be called again for the same <see cref="ReceivedMessage.Id"/>.
    /// </summary>
    ValueTask HandleAsync(ReceivedMessage message, CancellationToken cancellationToken);
}

/// <summary>A received message as an application sees it.</summary>
public sealed class ReceivedMessage
{
    private readonly Func<StoredPayload, CancellationToken, ValueTask<Stream>> _open;

    internal ReceivedMessage(StoredMessage message, Func<StoredPayload, CancellationToken, ValueTask<Stream>> open)
        => (Stored, _open) = (message, open);

    /// <summary>The message as it is stored: history, security, receipt.</summary>
    public StoredMessage Stored { get; }

    /// <summary>Our identifier; the same each time this message is handed over.</summary>
    public string Id => Stored.Id;

    /// <summary>The partner's AS2 name.</summary>
    public As2Identifier From => Stored.Key.Partner;

    /// <summary>Our AS2 name.</summary>
    public As2Identifier To => Stored.Key.Local;

    /// <summary>The Message-ID as it came.</summary>
    public string MessageId => Stored.MessageId;

    /// <summary>The file name its sender gave the first payload, or null. Never use it as a path: see <see cref="FileNamePolicy"/>.</summary>
    public string? FileName => Stored.Payloads[0].FileName;

    /// <summary>Length of the first payload in bytes.</summary>
    public long Length => Stored.Payloads[0].Content.Length;

    /// <summary>Opens the first payload. The caller disposes the stream.</summary>
    public ValueTask<Stream> OpenAsync(CancellationToken cancellationToken) => _open(Stored.Payloads[0], cancellationToken);

    /// <summary>Opens any of the payloads (RFC 6362). The caller disposes the stream.</summary>
    public ValueTask<Stream> OpenAsync(StoredPayload payload, CancellationToken cancellationToken) => _open(payload, cancellationToken);
}
