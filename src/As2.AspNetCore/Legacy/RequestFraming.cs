using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace As2.AspNetCore.Legacy;

/// <summary>Where the body of one request ends (RFC 9112 §6.3), read so that there is one answer or none.</summary>
internal sealed class RequestFraming
{
    private const int MaxDigits = 18;

    private static readonly SearchValues<byte> s_token = SearchValues.Create("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"u8);
    private static readonly SearchValues<byte> s_hex = SearchValues.Create("0123456789abcdefABCDEF"u8);

    private bool _hasLength;
    private bool _isOldest;

    /// <summary>The length of a body that is not chunked.</summary>
    public long Length { get; private set; }

    /// <summary>True when the body comes in chunks.</summary>
    public bool IsChunked { get; private set; }

    /// <summary>False when the fields contradict each other.</summary>
    public bool IsWhole => !(IsChunked && (_hasLength || _isOldest));

    /// <summary>Takes a request line of HTTP/1.0 or 1.1. A request that changes the protocol has no body that could be counted.</summary>
    public bool TryBegin(ReadOnlySpan<byte> line)
    {
        _isOldest = line.EndsWith(" HTTP/1.0"u8);
        return (_isOldest || line.EndsWith(" HTTP/1.1"u8)) && !line.StartsWith("CONNECT "u8);
    }

    /// <summary>Takes a field, unfolded.</summary>
    /// <param name="field">Name, colon, value.</param>
    /// <param name="isSaidBefore">True for a length that was said already: it is to be left out (RFC 9110 §8.6).</param>
    /// <returns>False: it is no field, or leaves open where the body ends.</returns>
    public bool TryTake(ReadOnlySpan<byte> field, out bool isSaidBefore)
    {
        isSaidBefore = false;
        var colon = field.IndexOf((byte)':');
        if (colon <= 0 || field[..colon].ContainsAnyExcept(s_token))
            return false;
        var name = field[..colon];
        var value = field[(colon + 1)..].Trim(" \t"u8);
        if (Ascii.EqualsIgnoreCase(name, "Content-Length"u8))
            return TryTakeLength(value, out isSaidBefore);
        if (Ascii.EqualsIgnoreCase(name, "Transfer-Encoding"u8))
            return TryTakeCoding(value);
        return !Ascii.EqualsIgnoreCase(name, "Upgrade"u8);
    }

    /// <summary>
    /// Reads a chunk's size: hexadecimal digits; after them blanks and an extension are read over, which holds printable characters only.
    /// </summary>
    public static bool TryReadChunkSize(ReadOnlySpan<byte> line, out long size)
    {
        size = 0;
        var digits = line.IndexOfAnyExcept(s_hex) is >= 0 and var end ? end : line.Length;
        var rest = line[digits..].TrimStart(" \t"u8);
        if (rest.Length > 0 && (rest[0] != (byte)';' || rest.ContainsAnyExceptInRange((byte)' ', (byte)'~')))
            return false;
        // 15 digits are more than any message, and no number that could turn negative.
        return digits is > 0 and <= 15 && Utf8Parser.TryParse(line[..digits], out size, out var read, 'x') && read == digits;
    }

    private bool TryTakeLength(ReadOnlySpan<byte> value, out bool isSaidBefore)
    {
        isSaidBefore = _hasLength;
        var digits = value.TrimStart((byte)'0');
        if (value.IsEmpty || value.ContainsAnyExceptInRange((byte)'0', (byte)'9') || digits.Length > MaxDigits)
            return false;
        var length = digits.IsEmpty ? 0 : long.Parse(digits, System.Globalization.CultureInfo.InvariantCulture);
        if (_hasLength && length != Length)
            return false;
        (_hasLength, Length) = (true, length);
        return true;
    }

    private bool TryTakeCoding(ReadOnlySpan<byte> value)
    {
        if (IsChunked || !Ascii.EqualsIgnoreCase(value, "chunked"u8))
            return false;
        return IsChunked = true;
    }
}
