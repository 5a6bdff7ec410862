using System.Buffers;
using System.Text;
using As2.Agreements;
using As2.Headers;
using As2.Layers;

namespace As2.Mime;

/// <summary>Writes header fields as octets, one line each: a folded line has broken more peers than a long one.</summary>
internal static class HeaderWriter
{
    /// <summary>What may not stand outside quotes (RFC 2045 §5.1).</summary>
    private static readonly SearchValues<char> s_specials = SearchValues.Create(" ()<>@,;:\\\"/[]?=");

    /// <summary>The fields and the blank line.</summary>
    public static void Write(HeaderFields fields, IOctetSink sink)
    {
        using var block = new PooledBuffer();
        fields.Write(block);
        block.Append("\r\n"u8);
        sink.Push(block.Span);
    }

    public static byte[] ToOctets(HeaderFields fields) => [.. fields.ToBytes(), .. "\r\n"u8];

    /// <summary>
    /// The Content-Disposition of an attachment (RFC 2183): a quoted name in ASCII, its other characters replaced, unless the partner is
    /// known to read more, or less.
    /// </summary>
    public static string Attachment(string fileName, IReadOnlySet<PartnerQuirk> quirks)
    {
        var name = string.Concat(fileName.Where(c => !char.IsControl(c)));
        if (Ascii.IsValid(name))
            return $"attachment; filename={(quirks.Contains(PartnerQuirk.UnquotedFileName) && IsToken(name) ? name : Quote(name))}";
        if (quirks.Contains(PartnerQuirk.Utf8FileName))
            return $"attachment; filename={Quote(name)}";
        var replaced = $"attachment; filename={Quote(string.Concat(name.Select(c => char.IsAscii(c) ? c : '_')))}";
        return quirks.Contains(PartnerQuirk.Rfc2231FileName) ? $"{replaced}; filename*=UTF-8''{Uri.EscapeDataString(name)}" : replaced;
    }

    private static string Quote(string name)
        => $"\"{name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    private static bool IsToken(string name) => name.Length > 0 && !name.AsSpan().ContainsAny(s_specials);
}
