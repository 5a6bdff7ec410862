using System.Globalization;
using As2.Layers;

namespace As2.Receipts;

/// <summary>
/// The part of a receipt for people. The wording is fixed per outcome: no cause beyond the disposition, so that nobody learns from
/// it how a decryption failed.
/// </summary>
internal static class ReceiptText
{
    private const int LongestDate = 64;

    /// <summary>Writes the text, ASCII, lines ended by CRLF.</summary>
    public static void Write(MessageDispositionNotification notification, DateTimeOffset now, string? note, PooledBuffer text)
    {
        text.Append(Sentence(notification.Disposition));
        text.Append("\r\n\r\n"u8);
        Line(text, "Message-ID: "u8, notification.OriginalMessageId);
        Line(text, "Receiver: "u8, notification.FinalRecipient);
        now.UtcDateTime.TryFormat(text.Reserve(LongestDate), out var date, "'Date: 'yyyy-MM-dd HH:mm:ss' UTC\r\n'", CultureInfo.InvariantCulture);
        text.Advance(date);
        Line(text, "Status: "u8, notification.Disposition.ToString());
        Line(text, "Note: "u8, note);
        if (notification.Disposition.IsSuccess)
            text.Append("\r\nThis confirms the transfer; it says nothing about what the content is worth.\r\n"u8);
    }

    private static void Line(PooledBuffer text, ReadOnlySpan<byte> name, string? value)
    {
        if (string.IsNullOrEmpty(value))
            return;
        text.Append(name);
        text.Append(NotificationFields.Printable(value));
        text.Append("\r\n"u8);
    }

    private static string Sentence(Disposition disposition)
    {
        if (disposition == Disposition.DuplicateDocument)
            return "The message was received before; it was not processed a second time.";
        return disposition switch
        {
            { IsSuccess: true } => "The message was received and accepted.",
            { Type: DispositionType.Failed } => "The message was not processed: the receipt it asks for cannot be given.",
            { Text: "decryption-failed" } => "The message could not be decrypted.",
            { Text: "decompression-failed" } => "The message could not be decompressed.",
            { Text: "authentication-failed" } => "The signature of the message could not be accepted.",
            { Text: "integrity-check-failed" } => "The content of the message does not match its signature.",
            { Text: "insufficient-message-security" } => "The message is not protected as was agreed.",
            { Text: "unknown-trading-partner" or "unknown-trading-relationship" } => "There is no agreement between these two AS2 names.",
            _ => "The message could not be processed.",
        };
    }
}
