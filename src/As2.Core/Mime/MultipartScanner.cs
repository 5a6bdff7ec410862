using System.Text;
using As2.Layers;

namespace As2.Mime;

/// <summary>Takes the parts of a multipart, octet for octet.</summary>
internal interface IPartSink
{
    /// <summary>A part begins, right after its delimiter line.</summary>
    void BeginPart();

    /// <summary>Octets of the part: its header and its body.</summary>
    void PushPart(ReadOnlySpan<byte> octets);

    /// <summary>The part has ended; the line break before the delimiter was not its own (RFC 2046 §5.1.1).</summary>
    void EndPart();
}

/// <summary>
/// Cuts a multipart at its delimiter lines while the octets stream past (RFC 2046 §5.1.1). Preamble and epilogue are ignored.
/// Nothing is copied but the few octets at the end of a push that may begin a delimiter.
/// </summary>
internal sealed class MultipartScanner : IDisposable
{
    /// <summary>The longest boundary (RFC 2046 §5.1.1).</summary>
    public const int MaxBoundaryLength = 70;

    /// <summary>Blanks accepted after a boundary.</summary>
    private const int MaxPadding = 128;

    private const int HeldCapacity = 512;

    private readonly byte[] _needle;
    private readonly IPartSink _sink;
    private readonly PooledBuffer _held = new();
    private bool _inPart;

    /// <param name="boundary">1 to 70 octets.</param>
    /// <param name="sink">Takes the parts.</param>
    public MultipartScanner(ReadOnlySpan<char> boundary, IPartSink sink)
    {
        _needle = new byte[3 + boundary.Length];
        "\n--"u8.CopyTo(_needle);
        Encoding.Latin1.GetBytes(boundary, _needle.AsSpan(3));
        _sink = sink;
        // The first delimiter needs no line break before it; this one is never seen, since a preamble is dropped.
        _held.Append("\r\n"u8);
    }

    /// <summary>True when the closing delimiter was seen.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>True when anything but blanks and line ends came after it.</summary>
    public bool HasEpilogue { get; private set; }

    /// <summary>Takes the next octets.</summary>
    public void Push(ReadOnlySpan<byte> octets)
    {
        while (!octets.IsEmpty && !IsClosed)
            octets = octets[(_held.Length > 0 ? ScanAcross(octets) : ScanWithin(octets))..];
        NoteEpilogue(octets);
    }

    /// <summary>The octets have ended: a delimiter at the very end needs no line break.</summary>
    public void Complete()
    {
        if (!IsClosed)
            Scan(_held.Span, isLast: true);
        _held.Clear();
    }

    public void Dispose() => _held.Dispose();

    /// <summary>Scans the octets alone; an undecided tail is held. Everything is consumed.</summary>
    private int ScanWithin(ReadOnlySpan<byte> octets)
    {
        var resolved = Scan(octets, isLast: false);
        if (!IsClosed)
            _held.Append(octets[resolved..]);
        return octets.Length;
    }

    /// <summary>Scans the held octets with as many new ones as a delimiter can need; says how many new ones were consumed.</summary>
    private int ScanAcross(ReadOnlySpan<byte> octets)
    {
        var before = _held.Length;
        var taken = Math.Min(octets.Length, HeldCapacity - before);
        _held.Append(octets[..taken]);
        var resolved = Scan(_held.Span, isLast: false);
        if (resolved < before)
        {
            _held.RemoveFirst(resolved);
            return taken;
        }
        _held.Clear();
        return resolved - before;
    }

    /// <summary>Hands over what is decided and says how much that is; the rest may begin a delimiter.</summary>
    private int Scan(ReadOnlySpan<byte> window, bool isLast)
    {
        var start = 0;
        var searchFrom = 0;
        while (true)
        {
            var found = window[searchFrom..].IndexOf(_needle);
            if (found < 0)
            {
                var tail = isLast ? window.Length : UndecidedTail(window, start);
                Emit(window[start..tail]);
                return tail;
            }
            found += searchFrom;
            var lineBreak = found > start && window[found - 1] == '\r' ? found - 1 : found;
            var (kind, length) = Classify(window[(found + _needle.Length)..], isLast);
            if (kind == DelimiterKind.Undecided)
            {
                Emit(window[start..lineBreak]);
                return lineBreak;
            }
            if (kind == DelimiterKind.None)
            {
                searchFrom = found + 1;
                continue;
            }
            Emit(window[start..lineBreak]);
            start = searchFrom = found + _needle.Length + length;
            Delimit(kind);
            if (IsClosed)
            {
                NoteEpilogue(window[start..]);
                return window.Length;
            }
        }
    }

    private void NoteEpilogue(ReadOnlySpan<byte> octets) => HasEpilogue |= octets.ContainsAnyExcept(" \t\r\n"u8);

    private void Delimit(DelimiterKind kind)
    {
        if (_inPart)
            _sink.EndPart();
        _inPart = kind == DelimiterKind.Open;
        IsClosed = kind == DelimiterKind.Close;
        if (_inPart)
            _sink.BeginPart();
    }

    private void Emit(ReadOnlySpan<byte> octets)
    {
        if (_inPart && !octets.IsEmpty)
            _sink.PushPart(octets);
    }

    /// <summary>Where the tail begins that could still become a delimiter.</summary>
    private int UndecidedTail(ReadOnlySpan<byte> window, int start)
    {
        for (var i = Math.Max(start, window.Length - _needle.Length); i < window.Length; i++)
        {
            var next = window[i..].IndexOfAny((byte)'\r', (byte)'\n');
            if (next < 0)
                break;
            i += next;
            var candidate = window[i..];
            if (candidate[0] == '\r')
                candidate = candidate[1..];
            if (_needle.AsSpan().StartsWith(candidate))
                return i;
        }
        return window.Length;
    }

    /// <summary>What follows a boundary decides: padding and a line break, two dashes, or something else, and then it is content.</summary>
    private static (DelimiterKind Kind, int Length) Classify(ReadOnlySpan<byte> after, bool isLast)
    {
        var undecided = (isLast ? DelimiterKind.None : DelimiterKind.Undecided, 0);
        if (after.StartsWith("--"u8))
            return (DelimiterKind.Close, 2);
        if (after.Length < 2 && "--"u8.StartsWith(after))
            return undecided;
        var padding = after.IndexOfAnyExcept((byte)' ', (byte)'\t');
        if (padding < 0)
            return after.Length <= MaxPadding ? undecided : (DelimiterKind.None, 0);
        if (after[padding] == '\n')
            return (DelimiterKind.Open, padding + 1);
        if (after[padding] != '\r' || padding > MaxPadding)
            return (DelimiterKind.None, 0);
        if (padding + 1 == after.Length)
            return undecided;
        return after[padding + 1] == '\n' ? (DelimiterKind.Open, padding + 2) : (DelimiterKind.None, 0);
    }

    private enum DelimiterKind
    {
        None,
        Undecided,
        Open,
        Close,
    }
}
