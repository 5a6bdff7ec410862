using System.Buffers;

namespace As2.Mime;

/// <summary>
/// A header field with parameters (RFC 2045 §5.1) in the plain form that nearly every message has: <c>value; name=token;
/// name="text"</c>, ASCII, without escapes, encodings or repetitions. Whatever is not of this form is left to MimeKit, which costs some
/// 2 µs and 2 KB a field.
/// </summary>
internal readonly struct PlainField
{
    private static readonly SearchValues<char> s_token
        = SearchValues.Create("!#$&+-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ^_abcdefghijklmnopqrstuvwxyz{|}~");

    private readonly string _text;

    private PlainField(string text) => _text = text;

    /// <summary>What stands before the first parameter.</summary>
    public ReadOnlySpan<char> Value => _text.AsSpan(0, ValueLength(_text)).Trim(' ');

    /// <summary>Reads a field whose value is two tokens around a slash, or with <paramref name="hasSubtype"/> false one token.</summary>
    public static bool TryParse(string? text, bool hasSubtype, out PlainField field)
    {
        field = new PlainField(text ?? "");
        if (text is null || text.Contains("=?", StringComparison.Ordinal))
            return false;
        var value = field.Value;
        var slash = value.IndexOf('/');
        if (hasSubtype ? slash < 0 || !IsToken(value[..slash]) || !IsToken(value[(slash + 1)..]) : !IsToken(value))
            return false;
        for (var at = ValueLength(text); at < text.Length;)
        {
            var start = at;
            if (!TryTake(text, ref at, out var name, out _) || field.Find(name) != start)
                return false;
        }
        return true;
    }

    /// <summary>The value of a parameter; empty without one, since no plain value is.</summary>
    public ReadOnlySpan<char> Parameter(string name)
    {
        var at = Find(name);
        return at >= 0 && TryTake(_text, ref at, out _, out var value) ? value : [];
    }

    /// <summary>Where the first parameter of this name begins; -1 without one.</summary>
    private int Find(ReadOnlySpan<char> name)
    {
        for (var at = ValueLength(_text); at < _text.Length;)
        {
            var start = at;
            if (!TryTake(_text, ref at, out var found, out _))
                return -1;
            if (found.Equals(name, StringComparison.OrdinalIgnoreCase))
                return start;
        }
        return -1;
    }

    /// <summary>Takes <c>; name=value</c>.</summary>
    private static bool TryTake(ReadOnlySpan<char> text, scoped ref int at, out ReadOnlySpan<char> name, out ReadOnlySpan<char> value)
    {
        name = value = default;
        var rest = text[(at + 1)..];
        var equals = rest.IndexOf('=');
        if (equals < 0)
            return false;
        name = rest[..equals].TrimStart(' ');
        rest = rest[(equals + 1)..];
        var isQuoted = rest is ['"', ..];
        var length = isQuoted ? rest[1..].IndexOf('"') + 2 : rest.IndexOf(';') is >= 0 and var end ? end : rest.Length;
        if (length < 2 && isQuoted)
            return false;
        value = isQuoted ? rest[1..(length - 1)] : rest[..length].TrimEnd(' ');
        var after = rest[length..].TrimStart(' ');
        at = text.Length - after.Length;
        return IsToken(name) && (after.IsEmpty || after[0] == ';') && (isQuoted ? IsText(value) : IsToken(value));
    }

    private static int ValueLength(string text) => text.IndexOf(';', StringComparison.Ordinal) is >= 0 and var end ? end : text.Length;

    private static bool IsToken(ReadOnlySpan<char> text) => !text.IsEmpty && !text.ContainsAnyExcept(s_token);

    private static bool IsText(ReadOnlySpan<char> text) => !text.IsEmpty && !text.Contains('\\') && !text.ContainsAnyExceptInRange(' ', '~');
}
