using As2.Mime;
using As2.Receipts;

namespace As2.Layers;

/// <summary>
/// The body of application/pkcs7-mime: CMS as it is, or in base64. The first octet decides, not the label: peers send either under
/// either (RFC 4130 §5.2.1 says binary).
/// </summary>
internal sealed class ContentInfoSniffer(LayerWalk walk, EntityHeaders headers) : OctetStage
{
    private const byte Sequence = 0x30;

    private OctetStage? _next;

    public override void Push(ReadOnlySpan<byte> octets)
    {
        try
        {
            if (_next is null)
            {
                octets = octets.TrimStart(" \t\r\n"u8);
                if (octets.IsEmpty)
                    return;
                Open(octets[0] == Sequence);
            }
            _next!.Push(octets);
        }
        catch (ProtocolFault fault) when (IsOfEncryption(fault))
        {
            throw Faults.Decryption(fault.Message, fault);
        }
    }

    public override void Complete()
    {
        try
        {
            if (_next is null)
                Open(isBinary: true);
            _next!.Complete();
        }
        catch (ProtocolFault fault) when (IsOfEncryption(fault))
        {
            throw Faults.Decryption(fault.Message, fault);
        }
    }

    public override void Dispose() => _next?.Dispose();

    /// <summary>True for a fault of what was announced as encrypted and then, damaged, did not even name itself so.</summary>
    private bool IsOfEncryption(ProtocolFault fault)
        => headers.Parameter("smime-type")?.EndsWith("enveloped-data", StringComparison.OrdinalIgnoreCase) == true
            && fault.Disposition != Disposition.DecryptionFailed
            && !walk.Has(LayerKind.EnvelopedData) && !walk.Has(LayerKind.AuthEnvelopedData);

    private void Open(bool isBinary)
    {
        var reader = new ContentInfoReader(walk, headers);
        _next = isBinary ? reader : new TransferDecoder(TransferEncoding.Base64, reader);
    }
}
