using System.Buffers;

namespace As2.AspNetCore.Legacy;

/// <summary>
/// Requests in, the same requests in the form of RFC 9112 out, octet by octet or in any pieces. It counts bodies by exactly one rule, so
/// that Kestrel cannot count them by another: whatever is open to doubt is refused, by writing what Kestrel answers with 400. Holds one
/// line at most.
/// </summary>
internal sealed class HttpNormaliser(IBufferWriter<byte> output)
{
    // More than Kestrel takes for a whole head: it says 414 or 431 itself when it gets this much.
    private const int MaxLine = 40 << 10;
    private const int MaxChunkLine = 256;
    private const int MaxTrailer = 8 << 10;

    private readonly LineBuffer _line = new();
    private RequestFraming _framing = new();
    private State _state = State.RequestLine;
    private bool _isFieldHeld;
    private long _left;
    private int _trailer;

    private enum State
    {
        RequestLine, Fields, Body, ChunkSize, ChunkData, ChunkEnd, Trailer, Refused,
    }

    /// <summary>True when nothing more is taken: the connection ends with Kestrel's answer.</summary>
    public bool HasRefused => _state == State.Refused;

    /// <summary>Takes the next octets.</summary>
    public void Push(ReadOnlySpan<byte> octets)
    {
        while (octets.Length > 0 && _state != State.Refused)
            octets = octets[(_state is State.Body or State.ChunkData ? PushBody(octets) : PushLine(octets))..];
    }

    /// <summary>Nothing follows. What was held goes out as it is, for Kestrel to see that it is not whole.</summary>
    public void End()
    {
        output.Write(_line.Octets);
        _line.Clear();
    }

    private int PushBody(ReadOnlySpan<byte> octets)
    {
        var taken = (int)Math.Min(_left, octets.Length);
        output.Write(octets[..taken]);
        _left -= taken;
        if (_left == 0)
            _state = _state == State.Body ? State.RequestLine : State.ChunkEnd;
        return taken;
    }

    private int PushLine(ReadOnlySpan<byte> octets)
    {
        // A field ends when the line after it does not continue it (RFC 9112 §5.2).
        if (_isFieldHeld && octets[0] is not ((byte)' ' or (byte)'\t'))
            EmitField();
        else if (_isFieldHeld)
            Unfold();
        if (_state == State.Refused)
            return 0;
        var end = octets.IndexOf((byte)'\n');
        var taken = end < 0 ? octets.Length : end + 1;
        _line.Write(octets[..taken]);
        if (_line.Length > MaxChunkLine && _state is State.ChunkSize or State.ChunkEnd || _line.Length > MaxTrailer && _state == State.Trailer)
            Refuse();
        else if (_line.Length > MaxLine)
            GiveUp();
        else if (end >= 0)
            TakeLine();
        return taken;
    }

    private void TakeLine()
    {
        var line = _line.Octets[..^1];
        var hasCr = line.EndsWith("\r"u8);
        var text = hasCr ? line[..^1] : line;
        // Chunks are counted; what counts has no second form of its end.
        if (text.Contains((byte)'\r') || text.Contains((byte)0) || (!hasCr && _state is State.ChunkSize or State.ChunkEnd or State.Trailer))
        {
            Refuse();
            return;
        }
        switch (_state)
        {
            case State.RequestLine:
                TakeRequestLine(text);
                break;
            case State.Fields when text.IsEmpty:
                EndHead();
                break;
            case State.Fields:
                // It may go on in the next line: only its end is taken off.
                _line.Length = text.Length;
                _isFieldHeld = true;
                return;
            case State.ChunkSize:
                TakeChunkSize(text);
                break;
            case State.ChunkEnd:
                TakeChunkEnd(text);
                break;
            default:
                TakeTrailer(text);
                break;
        }
        _line.Clear();
    }

    private void TakeRequestLine(ReadOnlySpan<byte> text)
    {
        // Empty lines before a request are skipped (RFC 9112 §2.2).
        if (text.IsEmpty)
            return;
        if (!_framing.TryBegin(text))
        {
            Refuse();
            return;
        }
        WriteLine(text);
        _state = State.Fields;
    }

    private void Unfold()
    {
        // The held field keeps its text, a blank in place of the end of its line.
        _line.Write(" "u8);
        _isFieldHeld = false;
    }

    private void EmitField()
    {
        var field = _line.Octets;
        _isFieldHeld = false;
        if (field[0] is (byte)' ' or (byte)'\t' || !_framing.TryTake(field, out var isSaidBefore))
            Refuse();
        else if (!isSaidBefore)
            FieldText.Write(output, field);
        _line.Clear();
    }

    private void EndHead()
    {
        if (!_framing.IsWhole)
        {
            Refuse();
            return;
        }
        WriteLine(default);
        (_state, _left) = _framing.IsChunked ? (State.ChunkSize, 0) : _framing.Length > 0 ? (State.Body, _framing.Length) : (State.RequestLine, 0L);
        _framing = new RequestFraming();
    }

    private void TakeChunkSize(ReadOnlySpan<byte> text)
    {
        if (!RequestFraming.TryReadChunkSize(text, out _left))
        {
            Refuse();
            return;
        }
        Span<byte> size = stackalloc byte[16];
        System.Buffers.Text.Utf8Formatter.TryFormat(_left, size, out var digits, 'x');
        WriteLine(size[..digits]);
        (_state, _trailer) = (_left > 0 ? State.ChunkData : State.Trailer, 0);
    }

    private void TakeChunkEnd(ReadOnlySpan<byte> text)
    {
        if (!text.IsEmpty)
        {
            Refuse();
            return;
        }
        WriteLine(default);
        _state = State.ChunkSize;
    }

    /// <summary>Trailers are read over: no product of AS2 means anything by them.</summary>
    private void TakeTrailer(ReadOnlySpan<byte> text)
    {
        _trailer += text.Length;
        if (_trailer > MaxTrailer)
            Refuse();
        else if (text.IsEmpty)
        {
            WriteLine(default);
            _state = State.RequestLine;
        }
    }

    private void WriteLine(ReadOnlySpan<byte> text)
    {
        output.Write(text);
        output.Write("\r\n"u8);
    }

    // No request line, no field and no chunk size: Kestrel answers it with 400 wherever it stands, after what it has in hand.
    private void Refuse()
    {
        output.Write(_state is State.ChunkEnd ? "no end\r\n"u8 : "no\0line\r\n\r\n"u8);
        _line.Clear();
        _state = State.Refused;
    }

    private void GiveUp()
    {
        output.Write(_line.Octets);
        _line.Clear();
        _state = State.Refused;
    }
}
