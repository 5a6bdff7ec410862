using System.Collections.Frozen;
using As2.Agreements;
using As2.Certificates;
using As2.Headers;
using As2.Payloads;

namespace As2.Layers;

/// <summary>What <see cref="LayerWriter"/> works with.</summary>
public sealed record LayerWriterOptions
{
    /// <summary>Which layers, with which algorithms.</summary>
    public required SecurityAgreement Security { get; init; }

    /// <summary>Our signing key; needed when the agreement signs.</summary>
    public As2Certificate? Signer { get; init; }

    /// <summary>The certificates to encrypt to; needed when the agreement encrypts.</summary>
    public IReadOnlyList<As2Certificate> Recipients { get; init; } = [];

    /// <summary>Named departures of the partnership.</summary>
    public IReadOnlySet<PartnerQuirk> Quirks { get; init; } = FrozenSet<PartnerQuirk>.Empty;

    /// <summary>Whose message it is: fixes the boundary between attachments. Null: a random one.</summary>
    internal string? MessageId { get; init; }

    /// <summary>The signing time.</summary>
    public required DateTimeOffset Now { get; init; }
}

/// <summary>What the layers made of a payload.</summary>
/// <param name="Headers">The MIME header fields of the outermost entity, each on one line: Content-Type, Content-Transfer-Encoding, Content-Disposition.</param>
/// <param name="Mics">The MIC that the partner must return first; for unsigned messages followed by readings known from deployed products.</param>
/// <param name="Description">In plain words: <c>compressed, signed sha-256, encrypted aes256-cbc</c>.</param>
public sealed record PackedEntity(HeaderFields Headers, IReadOnlyList<MessageIntegrityCheck> Mics, string Description);

/// <summary>
/// Puts the layers around payloads while their octets stream past; the MIC falls out of the signing step. One message, one writer;
/// not thread-safe.
/// </summary>
public sealed class LayerWriter : IPayloadSink, IDisposable
{
    private readonly LayerStack _layers;
    private readonly PayloadPacker _payloads;

    /// <summary>Creates a writer.</summary>
    /// <param name="options">Layers, keys, time.</param>
    /// <param name="output">Takes the body.</param>
    /// <param name="attachments">True: several payloads follow, as multipart/related (RFC 6362).</param>
    /// <exception cref="As2Exception">AS2-CERT-*: a key or certificate that the agreement needs is missing or unfit.</exception>
    public LayerWriter(LayerWriterOptions options, IOctetSink output, bool attachments = false)
    {
        LayerKeys.Check(options);
        _layers = new LayerStack(options, output);
        _payloads = attachments ? new AttachmentsPacker(options, _layers) : new PayloadPacker(options, _layers);
    }

    /// <inheritdoc/>
    public IOctetSink Begin(PayloadHeader header) => _payloads.Begin(header);

    /// <summary>The header fields of the outermost entity; known when its first octet leaves.</summary>
    internal HeaderFields Headers => _layers.Headers;

    /// <summary>Ends the last payload and the layers.</summary>
    /// <exception cref="InvalidOperationException">No payload was begun.</exception>
    public PackedEntity Complete()
    {
        _payloads.Complete();
        return _layers.Complete(_payloads.Mics);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _payloads.Dispose();
        _layers.Dispose();
    }
}
