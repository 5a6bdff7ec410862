using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace As2.Agreements;

/// <summary>
/// An AS2 System Identifier, the value of <c>AS2-From</c> and <c>AS2-To</c> (RFC 4130 §6.2): 1 to 128 printable ASCII characters,
/// compared ordinally and case-sensitively. The value held here is the decoded name, without quotes or escapes.
/// </summary>
public readonly record struct As2Identifier
{
    /// <summary>The longest name, in characters after decoding.</summary>
    public const int MaxLength = 128;

    private readonly string? _value;

    /// <summary>Creates an identifier from a decoded name.</summary>
    /// <exception cref="ArgumentException">The name is empty, longer than 128 characters, or not printable ASCII.</exception>
    public As2Identifier(string value)
    {
        if (!IsValid(value))
            throw new ArgumentException($"'{value}' is not an AS2 name: 1 to {MaxLength} printable ASCII characters.", nameof(value));
        _value = value;
    }

    /// <summary>The decoded name; empty for <c>default</c>.</summary>
    public string Value => _value ?? "";

    /// <summary>
    /// Reads a header value: an atomic name, or a quoted name with the escapes <c>\"</c> and <c>\\</c>. A name with blanks but
    /// without quotes, quotes inside without their escape (OpenAS2), and an encoded word (RFC 2047, libas2), which products send, are
    /// taken for what they mean.
    /// </summary>
    public static bool TryParseHeader([NotNullWhen(true)] string? wire, out As2Identifier identifier)
    {
        identifier = default;
        var text = wire?.Trim(' ', '\t');
        if (string.IsNullOrEmpty(text))
            return false;
        var name = text[0] == '"' ? Unquote(text) : DecodeWord(text);
        if (name is null || !IsValid(name))
            return false;
        identifier = new As2Identifier(name);
        return true;
    }

    /// <summary>
    /// Every reading of a header value, the literal one first: after it, escapes without quotes undone (mendelson), and one level of
    /// doubled quoting taken off (pyas2-lib). A later reading counts only where the earlier ones name nobody, and then exactly.
    /// </summary>
    public static IReadOnlyList<As2Identifier> ReadHeader(string? wire)
    {
        if (!TryParseHeader(wire, out var literal))
            return [];
        var name = literal.Value;
        var readings = new List<As2Identifier> { literal };
        if (name is ['"', _, .., '"'] && TryParseHeader(name, out var inner))
            readings.Add(inner);
        else if (!wire!.TrimStart(' ', '\t').StartsWith('"') && name.Contains('\\', StringComparison.Ordinal)
                && Unquote($"\"{name}\"") is { } unescaped && unescaped != name)
            readings.Add(new As2Identifier(unescaped));
        return readings;
    }

    /// <summary>The header value: quoted only when the name holds a blank, a quote or a backslash.</summary>
    public string ToHeader()
    {
        var name = Value;
        return name.AsSpan().IndexOfAny(" \"\\") < 0
            ? name
            : $"\"{name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
    }

    /// <summary>The decoded name.</summary>
    public override string ToString() => Value;

    private static bool IsValid(string? name)
        => name is { Length: > 0 and <= MaxLength } && name.AsSpan().IndexOfAnyExceptInRange(' ', '~') < 0;

    private static string DecodeWord(string text)
        => text.StartsWith("=?", StringComparison.Ordinal) && text.EndsWith("?=", StringComparison.Ordinal)
            ? MimeKit.Utils.Rfc2047.DecodeText(System.Text.Encoding.ASCII.GetBytes(text))
            : text;

    private static string? Unquote(string text)
    {
        var name = new StringBuilder(text.Length);
        for (var i = 1; i < text.Length; i++)
        {
            if (text[i] == '"' && i == text.Length - 1)
                return name.ToString();
            if (text[i] == '\\' && i + 1 < text.Length && text[i + 1] is '"' or '\\')
                i++;
            name.Append(text[i]);
        }
        return null;
    }
}
