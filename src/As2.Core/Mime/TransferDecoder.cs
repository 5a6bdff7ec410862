using As2.Layers;
using MimeKit.Encodings;

namespace As2.Mime;

/// <summary>
/// Decodes base64 or quoted-printable while octets stream past. A body that is declared base64 but cannot be is taken as it is: some
/// products set the label and send binary.
/// </summary>
internal sealed class TransferDecoder(TransferEncoding encoding, OctetStage next) : OctetStage
{
    private const int SniffLength = 64;

    private readonly PooledBuffer _first = new();
    private readonly PooledBuffer _decoded = new();
    private IMimeDecoder? _decoder;
    private bool _decided = encoding == TransferEncoding.Identity;

    /// <summary>True when the label was wrong.</summary>
    public bool WasMislabelled { get; private set; }

    public override void Push(ReadOnlySpan<byte> octets)
    {
        if (_decided)
        {
            Decode(octets);
            return;
        }
        _first.Append(octets);
        if (_first.Length >= SniffLength)
            Decide();
    }

    public override void Complete()
    {
        if (!_decided)
            Decide();
        next.Complete();
    }

    public override void Dispose()
    {
        _first.Dispose();
        _decoded.Dispose();
        next.Dispose();
    }

    private void Decide()
    {
        _decided = true;
        WasMislabelled = encoding == TransferEncoding.Base64 && !LooksLikeBase64(_first.Span);
        if (!WasMislabelled)
            _decoder = encoding == TransferEncoding.Base64 ? new Base64Decoder() : new QuotedPrintableDecoder();
        Decode(_first.Span);
        _first.Clear();
    }

    private unsafe void Decode(ReadOnlySpan<byte> octets)
    {
        if (_decoder is null)
        {
            next.Push(octets);
            return;
        }
        _decoded.Clear();
        var room = _decoded.Reserve(_decoder.EstimateOutputLength(octets.Length));
        int length;
        fixed (byte* input = octets)
        fixed (byte* output = room)
            length = _decoder.Decode(input, octets.Length, output);
        next.Push(room[..length]);
    }

    /// <summary>True when every octet may stand in base64.</summary>
    public static bool LooksLikeBase64(ReadOnlySpan<byte> octets)
    {
        foreach (var octet in octets)
        {
            if (!char.IsAsciiLetterOrDigit((char)octet) && octet is not ((byte)'+' or (byte)'/' or (byte)'=' or (byte)'\r' or (byte)'\n' or (byte)' ' or (byte)'\t'))
                return false;
        }
        return true;
    }
}
