using System.Buffers;
using System.Collections;
using System.Text;
using As2.Layers;

namespace As2.Headers;

/// <summary>
/// Header fields in the order they came, names compared without case, several values of one name kept apart.
/// Not thread-safe while it is filled.
/// </summary>
public sealed class HeaderFields : IEnumerable<KeyValuePair<string, string>>
{
    /// <summary>A block of up to so many octets is read on the stack.</summary>
    private const int SmallBlock = 1024;

    private const int UsualFields = 16;

    /// <summary>Names and values that nearly every entity has; they are not made anew.</summary>
    private static readonly string[] s_usual =
        ["Content-Type", "Content-Transfer-Encoding", "Content-Disposition", "binary", "base64", "7bit", "application/octet-stream"];

    private static readonly UTF8Encoding s_strictUtf8 = new(false, throwOnInvalidBytes: true);

    private readonly List<KeyValuePair<string, string>> _fields;

    /// <summary>Creates a list without fields.</summary>
    public HeaderFields() => _fields = [];

    /// <param name="capacity">Fields that it will have.</param>
    internal HeaderFields(int capacity) => _fields = new(capacity);

    /// <summary>The number of fields.</summary>
    public int Count => _fields.Count;

    /// <summary>The first value of this name, or null.</summary>
    public string? this[string name]
    {
        get
        {
            foreach (var field in _fields)
            {
                if (Is(field, name))
                    return field.Value;
            }
            return null;
        }
    }

    /// <summary>Every value of this name, in order.</summary>
    public IEnumerable<string> All(string name) => _fields.Where(f => Is(f, name)).Select(f => f.Value);

    /// <summary>True when the name is there more than once, and not with the same value each time.</summary>
    internal bool HasDifferentValues(string name)
    {
        var first = this[name];
        foreach (var field in _fields)
        {
            if (Is(field, name) && !string.Equals(field.Value, first, StringComparison.Ordinal))
                return true;
        }
        return false;
    }

    /// <summary>Adds a field.</summary>
    /// <exception cref="ArgumentException">Name or value holds CR, LF or NUL: no caller can split our headers.</exception>
    public void Add(string name, string value)
    {
        if (name.AsSpan().IndexOfAny("\r\n\0: ") >= 0 || value.AsSpan().IndexOfAny('\r', '\n', '\0') >= 0)
            throw new ArgumentException($"Header '{name}' holds a character that would split it.", nameof(value));
        _fields.Add(new(name, value));
    }

    /// <summary>
    /// Reads a header block: folded lines are joined by one blank, line breaks are CRLF or a bare LF, a line that is no field is
    /// passed over, and reading ends at the blank line.
    /// </summary>
    public static HeaderFields Parse(ReadOnlySpan<byte> block)
    {
        block = block[..FindEnd(block)];
        var fields = new HeaderFields(Math.Min(block.Count((byte)'\n'), UsualFields));
        Span<char> small = stackalloc char[SmallBlock];
        var text = block.Length <= SmallBlock && !block.Contains((byte)0) && Ascii.ToUtf16(block, small, out var length) == OperationStatus.Done
            ? small[..length]
            : Decode(block).Replace("\0", "", StringComparison.Ordinal).AsSpan();
        while (!text.IsEmpty)
        {
            var line = TakeLine(ref text).Trim('\r');
            if (text is [' ' or '\t', ..] || line.Contains('\r'))
                line = Unfold(line, ref text);
            fields.AddLine(line);
        }
        return fields;
    }

    /// <summary>The block as it goes over the wire: one line each, CRLF, without the blank line. UTF-8.</summary>
    public byte[] ToBytes()
    {
        using var block = new PooledBuffer();
        Write(block);
        return block.Span.ToArray();
    }

    /// <summary>Writes what <see cref="ToBytes"/> gives.</summary>
    internal void Write(PooledBuffer block) => Write(block, "\r\n"u8);

    /// <summary>The same with another line break.</summary>
    internal void Write(PooledBuffer block, ReadOnlySpan<byte> lineBreak)
    {
        foreach (var (name, value) in _fields)
        {
            block.Append(name);
            block.Append(": "u8);
            block.Append(value);
            block.Append(lineBreak);
        }
    }

    /// <summary>Where the body begins: behind the blank line; the whole length when there is none.</summary>
    internal static int FindEnd(ReadOnlySpan<byte> octets)
    {
        for (var position = 0; position < octets.Length;)
        {
            var lineBreak = octets[position..].IndexOf((byte)'\n');
            if (lineBreak < 0)
                break;
            var isBlank = octets.Slice(position, lineBreak).TrimEnd((byte)'\r').IsEmpty;
            position += lineBreak + 1;
            if (isBlank)
                return position;
        }
        return octets.Length;
    }

    /// <summary>Text of unknown encoding: UTF-8 where it is valid, else Latin-1.</summary>
    internal static string Decode(ReadOnlySpan<byte> octets)
    {
        try
        {
            return s_strictUtf8.GetString(octets);
        }
        catch (DecoderFallbackException)
        {
            return Encoding.Latin1.GetString(octets);
        }
    }

    private static ReadOnlySpan<char> TakeLine(ref ReadOnlySpan<char> text)
    {
        var end = text.IndexOf('\n');
        var line = end < 0 ? text : text[..end];
        text = end < 0 ? [] : text[(end + 1)..];
        return line;
    }

    private static string Unfold(scoped ReadOnlySpan<char> line, ref ReadOnlySpan<char> text)
    {
        var field = new StringBuilder().Append(line);
        while (text is [' ' or '\t', ..])
            field.Append(' ').Append(TakeLine(ref text).Trim());
        return field.Replace('\r', ' ').ToString();
    }

    private void AddLine(ReadOnlySpan<char> line)
    {
        var colon = line.IndexOf(':');
        var name = colon < 0 ? [] : line[..colon].TrimEnd(" \t");
        if (name.Length > 0 && !name.Contains(' '))
            Add(TextOf(name), TextOf(line[(colon + 1)..].Trim(" \t")));
    }

    private static string TextOf(ReadOnlySpan<char> text)
    {
        foreach (var usual in s_usual)
        {
            if (text.SequenceEqual(usual))
                return usual;
        }
        return text.ToString();
    }

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => _fields.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static bool Is(KeyValuePair<string, string> field, string name)
        => string.Equals(field.Key, name, StringComparison.OrdinalIgnoreCase);
}
