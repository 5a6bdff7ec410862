using System.Buffers.Text;
using As2.Layers;

namespace As2.Mime;

/// <summary>Encodes octets as base64 in lines of 76 characters, each ended by CRLF (RFC 2045 §6.8), while they stream past.</summary>
internal sealed class Base64Encoder(IOctetSink next) : OctetStage
{
    /// <summary>Octets of one line.</summary>
    private const int Line = 57;

    /// <summary>Octets that are encoded in one go.</summary>
    private const int Piece = Line * 512;

    private readonly PooledBuffer _pending = new();
    private readonly PooledBuffer _lines = new();

    public override void Push(ReadOnlySpan<byte> octets)
    {
        if (_pending.Length > 0)
        {
            var missing = Math.Min(octets.Length, Line - _pending.Length);
            _pending.Append(octets[..missing]);
            octets = octets[missing..];
            if (_pending.Length < Line)
                return;
            Encode(_pending.Span);
            _pending.Clear();
        }
        var whole = octets.Length / Line * Line;
        Encode(octets[..whole]);
        _pending.Append(octets[whole..]);
    }

    public override void Complete()
    {
        Encode(_pending.Span);
        _pending.Clear();
    }

    public override void Dispose()
    {
        _pending.Dispose();
        _lines.Dispose();
    }

    /// <summary>The octets in whole lines, the last one with its end.</summary>
    public static void Encode(ReadOnlySpan<byte> octets, PooledBuffer lines)
    {
        for (; !octets.IsEmpty; octets = octets[Math.Min(Line, octets.Length)..])
        {
            Base64.EncodeToUtf8(octets[..Math.Min(Line, octets.Length)], lines.Reserve(80), out _, out var written);
            lines.Advance(written);
            lines.Append("\r\n"u8);
        }
    }

    private void Encode(ReadOnlySpan<byte> octets)
    {
        for (; !octets.IsEmpty; octets = octets[Math.Min(Piece, octets.Length)..])
        {
            _lines.Clear();
            Encode(octets[..Math.Min(Piece, octets.Length)], _lines);
            next.Push(_lines.Span);
        }
    }
}
