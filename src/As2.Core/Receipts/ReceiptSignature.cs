using As2.Certificates;
using As2.Layers;

namespace As2.Receipts;

/// <summary>
/// Checks the signature of a receipt over its octets as they came. Where only the digest differs, the forms are tried into which
/// gateways are known to turn text on its way; each must verify completely.
/// </summary>
internal static class ReceiptSignature
{
    private static readonly (string Name, Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> Apply)[] s_forms =
    [
        ("with CRLF line ends", Canonical),
        ("without its last line end", m => m.Span.EndsWith("\r\n"u8) ? m[..^2] : m),
        ("with one more line end", m => (byte[])[.. m.Span, .. "\r\n"u8]),
    ];

    /// <summary>The verdict, the octets it is over, and in which other form it holds; null for the octets as they came.</summary>
    public static (SignatureVerdict Verdict, ReadOnlyMemory<byte> Content, string? Form) Verify(
        ReadOnlyMemory<byte> content, ReadOnlyMemory<byte> signature, IReadOnlyList<As2Certificate> verify, DateTimeOffset now)
    {
        var verdict = Over(content, signature, verify, now);
        if (verdict.Fault?.Disposition != Disposition.IntegrityCheckFailed)
            return (verdict, content, null);
        foreach (var (name, apply) in s_forms)
        {
            var changed = apply(content);
            var form = Over(changed, signature, verify, now);
            if (form.Fault is null)
                return (form, changed, $"its signature holds over the content {name}");
        }
        return (verdict, content, null);
    }

    private static SignatureVerdict Over(
        ReadOnlyMemory<byte> content, ReadOnlyMemory<byte> signature, IReadOnlyList<As2Certificate> verify, DateTimeOffset now)
        => SignedData.Verify(signature, digest => Digester.Hash(digest, content.Span), verify, now, LayerLimits.Default);

    private static ReadOnlyMemory<byte> Canonical(ReadOnlyMemory<byte> content)
    {
        var lines = new List<byte>(content.Length + 64);
        foreach (var octet in content.Span)
        {
            if (octet == '\n' && (lines.Count == 0 || lines[^1] != '\r'))
                lines.Add((byte)'\r');
            lines.Add(octet);
        }
        return lines.ToArray();
    }
}
