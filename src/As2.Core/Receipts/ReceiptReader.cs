using As2.Certificates;
using As2.Headers;
using As2.Layers;

namespace As2.Receipts;

/// <summary>
/// Reads receipts in every form that deployed products write (RFC 4130 §7.4–7.5, RFC 6522, RFC 8098). A receipt that cannot be read or
/// believed comes back with its <see cref="Receipt.Fault"/>; nothing a partner sends is thrown.
/// </summary>
public static class ReceiptReader
{
    /// <summary>The longest receipt in bytes: 1 MiB.</summary>
    public const int MaxBytes = 1 << 20;

    private const int MaxText = 4096;
    private const int MaxDepth = 4;

    /// <summary>1 bound it, 2 take the signature off, 3 find the notification, 4 read its fields and the text for people.</summary>
    /// <param name="headers">The header fields of the HTTP message.</param>
    /// <param name="body">Its body.</param>
    /// <param name="verify">The partner's certificates for receipts; one in the receipt itself is never trusted.</param>
    /// <param name="now">The moment at which they must be valid.</param>
    public static Receipt Read(HeaderFields headers, ReadOnlyMemory<byte> body, IReadOnlyList<As2Certificate> verify, DateTimeOffset now)
    {
        // 1
        var remarks = new List<string>();
        var receipt = new Receipt { Headers = headers, Body = body, Remarks = remarks };
        if (body.Length > MaxBytes)
            return receipt with { Fault = Unreadable($"It has {body.Length} bytes, more than {MaxBytes}.") };
        if (body.IsEmpty)
            return receipt with { Fault = Unreadable("The answer is empty.") };

        // 2
        // Without a type in the HTTP header the body may begin with one of its own.
        var entity = headers[As2HeaderNames.ContentType] is null ? ReceiptPart.Read(body) : new ReceiptPart(headers, body, body);
        var parts = entity.Parts();
        if (entity.MediaType == "multipart/signed" || parts.Exists(p => p.IsSignature))
        {
            receipt = CheckSignature(receipt with { IsSigned = true }, parts, verify, now, remarks);
            entity = parts.Find(p => !p.IsSignature) ?? entity;
        }

        // 3, 4
        var leaves = new List<ReceiptPart>();
        CollectLeaves(entity, MaxDepth, leaves);
        return ReadNotification(receipt, leaves, remarks) with
        {
            Text = Shorten(leaves.Find(l => l.MediaType.StartsWith("text/", StringComparison.Ordinal))?.Text() ?? ""),
        };
    }

    private static Receipt CheckSignature(
        Receipt receipt, List<ReceiptPart> parts, IReadOnlyList<As2Certificate> verify, DateTimeOffset now, List<string> remarks)
    {
        // What stands outside the two parts is not signed, and a second content would let somebody choose which one we read.
        if (parts.Count != 2 || parts.Count(p => p.IsSignature) != 1)
            return receipt with { Fault = Unreadable($"A signed receipt has two parts, content and signature; this one has {parts.Count}.") };
        var (content, signature) = parts[0].IsSignature ? (parts[1], parts[0]) : (parts[0], parts[1]);
        var value = signature.DecodeSignature();
        var (verdict, signed, form) = ReceiptSignature.Verify(content.Raw, value, verify, now);
        if (form is not null)
            remarks.Add(form);
        remarks.AddRange(verdict.Remarks);
        return receipt with { Signer = verdict.Signer, Digest = verdict.Digest, Fault = verdict.Fault, SignedContent = signed, Signature = value };
    }

    private static Receipt ReadNotification(Receipt receipt, List<ReceiptPart> leaves, List<string> remarks)
    {
        var declared = leaves.Find(l => l.MediaType == "message/disposition-notification");
        var part = declared ?? leaves.Find(l => l.Text().Contains("\nDisposition:", StringComparison.OrdinalIgnoreCase));
        if (part is null)
            return receipt with { Fault = receipt.Fault ?? Unreadable($"It holds no disposition notification; its type is '{NotificationFields.Printable(receipt.Headers[As2HeaderNames.ContentType] ?? "")}'.") };
        if (declared is null)
            remarks.Add("the notification is not labelled message/disposition-notification");
        var fields = HeaderFields.Parse(part.Decode().Span.TrimStart("\r\n"u8));
        return NotificationFields.TryRead(fields, out var notification, remarks)
            ? receipt with { Notification = notification }
            : receipt with { Fault = receipt.Fault ?? Unreadable($"Its disposition cannot be read: '{NotificationFields.Printable(fields[As2HeaderNames.Disposition] ?? "")}'.") };
    }

    private static void CollectLeaves(ReceiptPart entity, int depth, List<ReceiptPart> leaves)
    {
        if (entity.IsMultipart && depth > 0)
            entity.Parts().ForEach(p => CollectLeaves(p, depth - 1, leaves));
        else
            leaves.Add(entity);
    }

    private static string Shorten(string text) => text.Length <= MaxText ? text : text[..MaxText];

    private static LayerFault Unreadable(string diagnosis)
        => new(Disposition.UnexpectedProcessingError, "RFC 4130 §7.4", $"Not readable as a receipt: {diagnosis}");
}
