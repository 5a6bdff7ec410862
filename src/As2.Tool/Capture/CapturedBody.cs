using System.Globalization;
using System.Text;

namespace As2.Tool.Capture;

/// <summary>The body of a captured message, without its transfer coding. Read once, forward.</summary>
internal abstract class CapturedBody
{
    /// <summary>What is wrong with its framing, in plain words; known at its end.</summary>
    public string? Complaint { get; protected set; }

    /// <summary>Reads some octets; 0 at the end.</summary>
    public abstract int Read(Span<byte> destination);

    /// <summary>Reads until the destination is full or the body ends.</summary>
    public int Fill(Span<byte> destination)
    {
        var total = 0;
        while (total < destination.Length && Read(destination[total..]) is > 0 and var read)
            total += read;
        return total;
    }
}

/// <summary>A body that goes to the end of the file.</summary>
internal sealed class OpenBody(CaptureInput input) : CapturedBody
{
    public override int Read(Span<byte> destination) => input.Read(destination);
}

/// <summary>A body whose length was declared (RFC 9112 §6.2).</summary>
internal sealed class MeasuredBody(CaptureInput input, long length) : CapturedBody
{
    private readonly long _declared = length;
    private long _left = length;
    private long _bareLineFeeds;
    private bool _isAfterReturn;

    public override int Read(Span<byte> destination)
    {
        if (_left == 0)
            return 0;
        var read = input.Read(destination[..(int)Math.Min(destination.Length, _left)]);
        _left -= read;
        CountBareLineFeeds(destination[..read]);
        // As many bytes short as there are bare line feeds: whoever saved it changed its line ends.
        if (read == 0 && _left != _bareLineFeeds)
            Complaint = $"the body ends {_left} bytes before the {_declared} that Content-Length declares: the capture is cut short";
        return read;
    }

    private void CountBareLineFeeds(ReadOnlySpan<byte> octets)
    {
        if (octets.IsEmpty)
            return;
        _bareLineFeeds += octets.Count((byte)'\n') - octets.Count("\r\n"u8) - (_isAfterReturn && octets[0] == '\n' ? 1 : 0);
        _isAfterReturn = octets[^1] == '\r';
    }
}

/// <summary>A chunked body (RFC 9112 §7.1); a line may end in a bare LF, and blanks around a size do not matter.</summary>
internal sealed class ChunkedBody(CaptureInput input) : CapturedBody
{
    private const int MaxLine = 4096;

    private long _left;
    private bool _isFirst = true;
    private bool _hasEnded;

    /// <summary>True when what follows begins like a chunk: a capture may have been put together already.</summary>
    public static bool LooksChunked(CaptureInput input)
    {
        var start = input.Peek(64);
        var end = start.IndexOf((byte)'\n');
        return end > 0 && TryReadSize(Encoding.Latin1.GetString(start[..end]), out _);
    }

    public override int Read(Span<byte> destination)
    {
        if (_left == 0 && !NextChunk())
            return 0;
        var read = input.Read(destination[..(int)Math.Min(destination.Length, _left)]);
        _left -= read;
        if (read == 0)
            End($"the body ends inside a chunk, {_left} bytes short: the capture is cut short");
        return read;
    }

    private bool NextChunk()
    {
        if (_hasEnded)
            return false;
        if (!_isFirst)
            ReadLine();
        _isFirst = false;
        if (ReadLine() is not { } line)
            End("the body ends without its last chunk: the capture is cut short");
        else if (!TryReadSize(line, out _left))
            End($"a chunk begins with '{line}', which is no size");
        else if (_left == 0)
            End(null);
        return !_hasEnded;
    }

    private void End(string? complaint) => (_hasEnded, _left, Complaint) = (true, 0, complaint ?? Complaint);

    private string? ReadLine()
    {
        var line = new StringBuilder();
        int octet;
        while ((octet = input.ReadByte()) >= 0 && octet != '\n' && line.Length < MaxLine)
            line.Append((char)octet);
        return octet < 0 && line.Length == 0 ? null : line.ToString().Trim();
    }

    private static bool TryReadSize(string line, out long size)
        => long.TryParse(line.Split(';')[0].Trim(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out size) && size >= 0;
}
