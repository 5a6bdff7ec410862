using System.Collections.Frozen;
using As2.Agreements;
using As2.Certificates;
using As2.Headers;
using As2.Layers;
using As2.Mime;

namespace As2.Receipts;

/// <summary>What <see cref="ReceiptWriter"/> works with.</summary>
public sealed record ReceiptWriterOptions
{
    /// <summary>Our key for receipts. Null: the receipt is not signed.</summary>
    public As2Certificate? Signer { get; init; }

    private static readonly SecurityAgreement s_usual = new();

    /// <summary>How the receipt is signed: digest, scheme, attributes, certificates. Only these are read. Default: SHA-256.</summary>
    public SecurityAgreement Security { get; init; } = s_usual;

    /// <summary>Named departures of the partnership.</summary>
    public IReadOnlySet<PartnerQuirk> Quirks { get; init; } = FrozenSet<PartnerQuirk>.Empty;

    /// <summary>A line for people in the text, printable ASCII; for example why a signature that was asked for is missing.</summary>
    public string? Note { get; init; }

    /// <summary>Its time.</summary>
    public required DateTimeOffset Now { get; init; }
}

/// <summary>
/// Writes receipts octet for octet (RFC 4130 §7.4, RFC 6522): multipart/report of exactly two parts in 7bit, lines never folded,
/// around it multipart/signed where it is signed.
/// </summary>
public static class ReceiptWriter
{
    private const string ReportType = "multipart/report; report-type=disposition-notification; boundary=";

    /// <summary>Writes a receipt in the usual form.</summary>
    /// <param name="notification">What it says.</param>
    /// <param name="signer">Our key for receipts. Null: not signed.</param>
    /// <param name="digest">The digest of its signature.</param>
    /// <param name="now">Its time.</param>
    public static Receipt Write(MessageDispositionNotification notification, As2Certificate? signer, DigestAlgorithm digest, DateTimeOffset now)
        => Write(notification, new ReceiptWriterOptions { Signer = signer, Security = new() { Digest = digest }, Now = now });

    /// <summary>Writes a receipt.</summary>
    /// <param name="notification">What it says.</param>
    /// <param name="options">Key, form and time.</param>
    /// <exception cref="As2Exception">AS2-CERT-001, AS2-CERT-002: the key cannot sign.</exception>
    public static Receipt Write(MessageDispositionNotification notification, ReceiptWriterOptions options)
    {
        var boundary = Boundary.Create();
        using var octets = new PooledBuffer();
        if (options.Signer is not null)
            Delimit(octets, "Content-Type: multipart/report; report-type=disposition-notification; boundary=\""u8, boundary, "\"\r\n\r\n"u8);
        var text = WriteReport(octets, boundary, notification, options);
        if (options.Signer is not null)
            return Sign(octets.Span, text, notification, options);
        var body = octets.Span.ToArray();
        return new Receipt { Headers = ContentType($"{ReportType}\"{boundary}\""), Body = body, Notification = notification, TextOctets = body.AsMemory(text) };
    }

    /// <summary>Writes the report, and tells where the text for people stands in it.</summary>
    private static Range WriteReport(PooledBuffer report, string boundary, MessageDispositionNotification notification, ReceiptWriterOptions options)
    {
        Delimit(report, "--"u8, boundary, "\r\n"u8);
        report.Append("Content-Type: text/plain; charset=us-ascii\r\nContent-Transfer-Encoding: 7bit\r\n\r\n"u8);
        var start = report.Length;
        ReceiptText.Write(notification, options.Now, options.Note, report);
        var text = start..report.Length;
        Delimit(report, "\r\n--"u8, boundary, "\r\n"u8);
        report.Append("Content-Type: message/disposition-notification\r\nContent-Transfer-Encoding: "u8);
        report.Append(NotificationFields.AreAscii(notification) ? "7bit\r\n\r\n"u8 : "8bit\r\n\r\n"u8);
        NotificationFields.Write(notification, notification.Mic?.Algorithm.NameFor(options.Quirks), report);
        Delimit(report, "\r\n--"u8, boundary, "--\r\n"u8);
        return text;
    }

    private static Receipt Sign(ReadOnlySpan<byte> entity, Range text, MessageDispositionNotification notification, ReceiptWriterOptions options)
    {
        var digest = options.Security.Digest;
        using PooledBuffer signature = new(), body = new();
        SignedDataWriter.Write(Digester.Hash(digest, entity), options.Security, options.Signer!, options.Now, signature);
        var boundary = Boundary.Create();
        Delimit(body, "--"u8, boundary, "\r\n"u8);
        var start = body.Length;
        body.Append(entity);
        Delimit(body, "\r\n--"u8, boundary, "\r\n"u8);
        body.Append("Content-Type: application/pkcs7-signature; name=\"smime.p7s\"\r\nContent-Transfer-Encoding: base64\r\n"u8);
        body.Append("Content-Disposition: attachment; filename=\"smime.p7s\"\r\n\r\n"u8);
        Base64Encoder.Encode(signature.Span, body);
        // The last line of base64 ended its own line; that line end belongs to the delimiter.
        Delimit(body, "--"u8, boundary, "--\r\n"u8);
        var octets = body.Span.ToArray();
        return new Receipt
        {
            Headers = ContentType($"multipart/signed; protocol=\"application/pkcs7-signature\"; micalg={digest.NameFor(options.Quirks)}; boundary=\"{boundary}\""),
            Body = octets,
            Notification = notification,
            TextOctets = octets.AsMemory(start)[text],
            IsSigned = true,
            Signer = options.Signer,
            Digest = digest,
        };
    }

    private static HeaderFields ContentType(string type) => new() { { As2HeaderNames.ContentType, type } };

    private static void Delimit(PooledBuffer multipart, ReadOnlySpan<byte> before, string boundary, ReadOnlySpan<byte> after)
    {
        multipart.Append(before);
        multipart.Append(boundary);
        multipart.Append(after);
    }
}
