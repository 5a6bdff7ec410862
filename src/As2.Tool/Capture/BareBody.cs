using System.Text;
using As2.Headers;

namespace As2.Tool.Capture;

/// <summary>A file that is a body without its header fields: what it begins with says which type it had.</summary>
internal static class BareBody
{
    private const string Report = "message/disposition-notification";

    /// <summary>The header that it must have had, or null where the file is no body alone.</summary>
    /// <param name="start">The first octets; where they end, the file may go on.</param>
    public static HeaderFields? Header(ReadOnlySpan<byte> start)
    {
        if (start is [0x30, >= 0x80, ..] or [(byte)'M', (byte)'I', ..] && IsCms(start))
            return new HeaderFields { { As2HeaderNames.ContentType, "application/pkcs7-mime" } };
        return start is [(byte)'-', (byte)'-', ..] ? OfMultipart(Encoding.Latin1.GetString(start)) : null;
    }

    /// <summary>True for octets beyond text, or for a line of base64.</summary>
    private static bool IsCms(ReadOnlySpan<byte> start)
    {
        var end = start.IndexOfAny("\r\n"u8);
        return start[0] == 0x30 || !(end < 0 ? start : start[..end]).ContainsAnyExceptInRange((byte)'+', (byte)'z');
    }

    private static HeaderFields? OfMultipart(string start)
    {
        var end = start.IndexOf('\n', StringComparison.Ordinal);
        var boundary = end < 0 ? "" : start[2..end].TrimEnd();
        if (boundary.Length is 0 or > 200 || boundary.AsSpan().ContainsAny('"', '\\') || boundary.Any(char.IsControl))
            return null;
        // A report is alone where its own delimiter comes again before the notification; else it stands inside a signature.
        var isReport = start.IndexOf(Report, StringComparison.OrdinalIgnoreCase) is > 0 and var report
            && start[..report].LastIndexOf("--" + boundary, StringComparison.Ordinal) > end;
        return new HeaderFields
        {
            { As2HeaderNames.ContentType, isReport ? $"multipart/report; report-type=disposition-notification; boundary=\"{boundary}\"" : $"multipart/signed; boundary=\"{boundary}\"" },
        };
    }
}
