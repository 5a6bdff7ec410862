using As2.Agreements;
using As2.Headers;
using As2.Mime;
using As2.Payloads;

namespace As2.Layers;

/// <summary>Puts one payload into the innermost entity, and computes the MIC where no signature will.</summary>
internal class PayloadPacker(LayerWriterOptions options, LayerStack layers) : IDisposable
{
    private UnsignedMics? _mics;
    private OctetStage? _payload;

    /// <summary>The MIC of an unsigned message, then its other readings.</summary>
    public IReadOnlyList<MessageIntegrityCheck> Mics => _mics?.Finish() ?? [];

    /// <summary>A payload begins.</summary>
    public virtual IOctetSink Begin(PayloadHeader header)
    {
        if (_payload is not null)
            throw new InvalidOperationException("A message without attachments has one payload.");
        var body = BeginEntity(PayloadHeaders(header));
        return BeginPayload(header, body);
    }

    /// <summary>Ends the last payload.</summary>
    public virtual void Complete()
    {
        if (_payload is null)
            throw new InvalidOperationException("A message needs a payload, if only an empty one.");
        _payload.Complete();
    }

    public void Dispose()
    {
        _payload?.Dispose();
        _mics?.Dispose();
    }

    /// <summary>Begins the innermost entity.</summary>
    protected IOctetSink BeginEntity(HeaderFields headers)
    {
        var body = layers.BeginEntity(headers);
        if (layers.IsSigned)
            return body;
        _mics = new UnsignedMics(options.Security.Digest, headers, layers.HasLayers, body);
        return _mics;
    }

    /// <summary>Begins the content of a payload.</summary>
    protected IOctetSink BeginPayload(PayloadHeader header, IOctetSink body)
    {
        _payload?.Dispose();
        _payload = options.Security.PayloadEncoding == ContentTransferEncoding.Base64 ? new Base64Encoder(body) : new PassStage(body);
        var isText = header.ContentType.StartsWith("text/", StringComparison.OrdinalIgnoreCase);
        return isText && options.Quirks.Contains(PartnerQuirk.CanonicalText) ? _payload = new CrLfStage(_payload) : _payload;
    }

    /// <summary>The header of a payload.</summary>
    protected HeaderFields PayloadHeaders(PayloadHeader header)
    {
        var isBase64 = options.Security.PayloadEncoding == ContentTransferEncoding.Base64;
        var fields = new HeaderFields
        {
            { "Content-Type", header.ContentType },
            { "Content-Transfer-Encoding", isBase64 ? "base64" : "binary" },
        };
        if (header.ContentId is not null)
            fields.Add("Content-ID", $"<{header.ContentId}>");
        if (header.FileName is not null)
            fields.Add("Content-Disposition", HeaderWriter.Attachment(header.FileName, options.Quirks));
        return fields;
    }

    /// <summary>The end of our side of the chain: nothing to add when a payload ends.</summary>
    private sealed class PassStage(IOctetSink body) : OctetStage
    {
        public override void Push(ReadOnlySpan<byte> octets) => body.Push(octets);

        public override void Complete()
        {
        }

        public override void Dispose()
        {
        }
    }
}
