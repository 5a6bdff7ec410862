using System.Formats.Asn1;
using As2.Agreements;

namespace As2.Layers;

/// <summary>
/// Writes a ContentInfo around content that streams past: DER when all of it fits 1 MiB and the agreement leaves it so, else BER of indefinite length in segments of
/// 64 KiB, since many peers cannot read definite lengths of 2 GiB and nobody knows the length before the end.
/// </summary>
internal sealed class CmsContentWriter(IOctetSink output, CmsFrame frame, CmsEncoding encoding) : IDisposable
{
    private const int MaxDefinite = 1 << 20;

    /// <summary>Octets of a segment.</summary>
    public const int Segment = 64 << 10;

    private readonly int _maxDefinite = encoding == CmsEncoding.Ber ? 0 : MaxDefinite;
    private readonly Queue<PooledBuffer> _segments = new();
    private PooledBuffer _last = new();
    private bool _isIndefinite;

    private int Held => (_segments.Count * Segment) + _last.Length;

    /// <summary>Takes the next octets of the content.</summary>
    public void Append(ReadOnlySpan<byte> octets)
    {
        if (!_isIndefinite && Held + octets.Length > _maxDefinite)
            BeginIndefinite();
        while (_last.Length + octets.Length >= Segment)
        {
            var missing = Segment - _last.Length;
            EndSegment(octets[..missing]);
            octets = octets[missing..];
        }
        _last.Append(octets);
    }

    /// <summary>Ends the structure.</summary>
    /// <param name="tail">Elements behind the content.</param>
    public void Complete(ReadOnlySpan<byte> tail)
    {
        if (!_isIndefinite)
        {
            WriteDefinite(tail);
            return;
        }
        if (_last.Length > 0)
            WriteSegment(_last.Span, []);
        output.Push(frame.IsExplicit ? "\0\0\0\0\0\0"u8 : "\0\0\0\0"u8);
        output.Push(tail);
        output.Push("\0\0\0\0\0\0"u8);
    }

    public void Dispose()
    {
        _last.Dispose();
        foreach (var segment in _segments)
            segment.Dispose();
    }

    /// <summary>Until the form is known, segments are held one by one: one array that grows would take twice their length, and leave the small ones in the pool.</summary>
    private void EndSegment(ReadOnlySpan<byte> rest)
    {
        if (_isIndefinite)
        {
            WriteSegment(_last.Span, rest);
            _last.Clear();
            return;
        }
        _last.Append(rest);
        _segments.Enqueue(_last);
        _last = new PooledBuffer();
    }

    private void BeginIndefinite()
    {
        _isIndefinite = true;
        output.Push([0x30, 0x80, .. Oid(), 0xA0, 0x80, 0x30, 0x80]);
        output.Push(frame.Head.Span);
        output.Push([0x30, 0x80, .. frame.Encapsulated, 0xA0, 0x80]);
        if (frame.IsExplicit)
            output.Push([0x24, 0x80]);
        while (_segments.TryDequeue(out var segment))
        {
            WriteSegment(segment.Span, []);
            segment.Dispose();
        }
    }

    private void WriteSegment(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        Span<byte> header = stackalloc byte[10];
        output.Push(header[..WriteHeader(header, 0x04, first.Length + second.Length)]);
        if (!first.IsEmpty)
            output.Push(first);
        if (!second.IsEmpty)
            output.Push(second);
    }

    private void WriteDefinite(ReadOnlySpan<byte> tail)
    {
        Span<byte> octetString = stackalloc byte[10], content = stackalloc byte[10], encapsulation = stackalloc byte[10];
        Span<byte> structure = stackalloc byte[10], explicit0 = stackalloc byte[10], info = stackalloc byte[10];
        var length = Held;
        octetString = octetString[..(frame.IsExplicit ? WriteHeader(octetString, 0x04, length) : 0)];
        length += octetString.Length;
        content = content[..WriteHeader(content, (byte)(frame.IsExplicit ? 0xA0 : 0x80), length)];
        length += content.Length + frame.Encapsulated.Length;
        encapsulation = encapsulation[..WriteHeader(encapsulation, 0x30, length)];
        length += encapsulation.Length + frame.Head.Length + tail.Length;
        structure = structure[..WriteHeader(structure, 0x30, length)];
        length += structure.Length;
        explicit0 = explicit0[..WriteHeader(explicit0, 0xA0, length)];
        var oid = Oid();
        info = info[..WriteHeader(info, 0x30, length + explicit0.Length + oid.Length)];
        using var head = new PooledBuffer();
        head.Append(info);
        head.Append(oid);
        head.Append(explicit0);
        head.Append(structure);
        head.Append(frame.Head.Span);
        head.Append(encapsulation);
        head.Append(frame.Encapsulated);
        head.Append(content);
        head.Append(octetString);
        output.Push(head.Span);
        foreach (var segment in _segments)
            output.Push(segment.Span);
        output.Push(_last.Span);
        if (!tail.IsEmpty)
            output.Push(tail);
    }

    private byte[] Oid()
    {
        using var scratch = DerScratch.Begin(out var writer);
        writer.WriteObjectIdentifier(frame.ContentType);
        return writer.Encode();
    }

    private static int WriteHeader(Span<byte> destination, byte tag, int length)
    {
        destination[0] = tag;
        if (length < 0x80)
        {
            destination[1] = (byte)length;
            return 2;
        }
        var octets = length < 1 << 8 ? 1 : length < 1 << 16 ? 2 : length < 1 << 24 ? 3 : 4;
        destination[1] = (byte)(0x80 | octets);
        for (var i = 0; i < octets; i++)
            destination[2 + i] = (byte)(length >> (8 * (octets - 1 - i)));
        return 2 + octets;
    }
}

/// <summary>What stands around the content of a CMS structure.</summary>
/// <param name="ContentType">OID of the ContentInfo.</param>
/// <param name="Head">DER of the elements before the one that encapsulates the content.</param>
/// <param name="Encapsulated">DER of the elements before the content itself.</param>
/// <param name="IsExplicit">True when the content is an OCTET STRING inside [0], false when [0] takes its place.</param>
internal sealed record CmsFrame(string ContentType, ReadOnlyMemory<byte> Head, byte[] Encapsulated, bool IsExplicit);
