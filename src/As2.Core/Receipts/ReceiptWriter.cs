using System.Security.Cryptography;
using System.Text;
using As2.Agreements;
using As2.Certificates;
using As2.Headers;
using As2.Layers;

namespace As2.Receipts;

/// <summary>What <see cref="ReceiptWriter"/> works with.</summary>
public sealed record ReceiptWriterOptions
{
    /// <summary>Our key for receipts. Null: the receipt is not signed.</summary>
    public As2Certificate? Signer { get; init; }

    /// <summary>How the receipt is signed: digest, scheme, attributes, certificates. Only these are read. Default: SHA-256.</summary>
    public SecurityAgreement Security { get; init; } = new();

    /// <summary>Named departures of the partnership.</summary>
    public IReadOnlySet<PartnerQuirk> Quirks { get; init; } = new HashSet<PartnerQuirk>();

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
        var text = ReceiptText.Write(notification, options.Now, options.Note);
        var boundary = NewBoundary();
        var report = Report(notification, text, boundary, options);
        return options.Signer is null
            ? Finish(ReportType + Quote(boundary), report)
            : Sign(Encoding.UTF8.GetBytes($"Content-Type: {ReportType}{Quote(boundary)}\r\n\r\n{report}"), options);

        Receipt Finish(string contentType, string body) => new()
        {
            Headers = new HeaderFields { { As2HeaderNames.ContentType, contentType } },
            Body = Encoding.UTF8.GetBytes(body),
            Notification = notification,
            Text = text,
        };

        Receipt Sign(byte[] entity, ReceiptWriterOptions how)
        {
            var digest = how.Security.Digest;
            var signature = SignedData.CreateDetached(Digester.Hash(digest, entity), how.Security, how.Signer!, how.Now);
            var outer = NewBoundary();
            var contentType = $"multipart/signed; protocol=\"application/pkcs7-signature\"; micalg={digest.NameFor(how.Quirks)}; boundary={Quote(outer)}";
            return Finish(contentType, Signed(entity, signature, outer)) with { IsSigned = true, Signer = how.Signer, Digest = digest };
        }
    }

    private static string Report(MessageDispositionNotification notification, string text, string boundary, ReceiptWriterOptions options)
    {
        var fields = NotificationFields.Write(notification, notification.Mic is { } mic ? mic.Algorithm.NameFor(options.Quirks) : null);
        return $"--{boundary}\r\n"
            + "Content-Type: text/plain; charset=us-ascii\r\nContent-Transfer-Encoding: 7bit\r\n\r\n"
            + text
            + $"\r\n--{boundary}\r\n"
            + $"Content-Type: message/disposition-notification\r\nContent-Transfer-Encoding: {(Ascii.IsValid(fields) ? "7bit" : "8bit")}\r\n\r\n"
            + fields
            + $"\r\n--{boundary}--\r\n";
    }

    private static string Signed(byte[] entity, byte[] signature, string boundary)
        => $"--{boundary}\r\n"
            + Encoding.UTF8.GetString(entity)
            + $"\r\n--{boundary}\r\n"
            + "Content-Type: application/pkcs7-signature; name=\"smime.p7s\"\r\nContent-Transfer-Encoding: base64\r\n"
            + "Content-Disposition: attachment; filename=\"smime.p7s\"\r\n\r\n"
            + Convert.ToBase64String(signature, Base64FormattingOptions.InsertLineBreaks)
            + $"\r\n--{boundary}--\r\n";

    private static string NewBoundary() => $"=_as2_{RandomNumberGenerator.GetHexString(32, lowercase: true)}";

    private static string Quote(string boundary) => $"\"{boundary}\"";
}
