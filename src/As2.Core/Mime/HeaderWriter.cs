using System.Text;
using As2.Headers;
using As2.Layers;

namespace As2.Mime;

/// <summary>Writes header fields as octets, one line each: a folded line has broken more peers than a long one.</summary>
internal static class HeaderWriter
{
    /// <summary>The fields and the blank line.</summary>
    public static void Write(HeaderFields fields, IOctetSink sink) => sink.Push(ToOctets(fields));

    public static byte[] ToOctets(HeaderFields fields) => [.. fields.ToBytes(), .. "\r\n"u8];

    /// <summary>The Content-Disposition of an attachment; a name beyond ASCII also in the form of RFC 2231.</summary>
    public static string Attachment(string fileName)
    {
        var ascii = new StringBuilder(fileName.Length + 8);
        foreach (var c in fileName)
        {
            if (c is '"' or '\\')
                ascii.Append('\\');
            if (!char.IsControl(c))
                ascii.Append(char.IsAscii(c) ? c : '_');
        }
        var text = $"attachment; filename=\"{ascii}\"";
        return fileName.All(char.IsAscii) ? text : $"{text}; filename*=UTF-8''{Uri.EscapeDataString(fileName)}";
    }
}
