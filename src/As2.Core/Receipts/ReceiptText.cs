using System.Globalization;
using System.Runtime.CompilerServices;

namespace As2.Receipts;

/// <summary>
/// The part of a receipt for people. The wording is fixed per outcome: no cause beyond the disposition, so that nobody learns from
/// it how a decryption failed.
/// </summary>
internal static class ReceiptText
{
    private const int UsualLength = 512;

    /// <summary>The text, ASCII, lines ended by CRLF.</summary>
    public static string Write(MessageDispositionNotification notification, DateTimeOffset now, string? note)
    {
        var text = new DefaultInterpolatedStringHandler(0, 0, CultureInfo.InvariantCulture, stackalloc char[UsualLength]);
        text.AppendLiteral(Sentence(notification.Disposition));
        text.AppendLiteral("\r\n\r\n");
        Line(ref text, "Message-ID: ", notification.OriginalMessageId);
        Line(ref text, "Receiver: ", notification.FinalRecipient);
        text.AppendFormatted(now.UtcDateTime, "'Date: 'yyyy-MM-dd HH:mm:ss' UTC\r\n'");
        Line(ref text, "Status: ", notification.Disposition.ToString());
        Line(ref text, "Note: ", note);
        if (notification.Disposition.IsSuccess)
            text.AppendLiteral("\r\nThis confirms the transfer; it says nothing about what the content is worth.\r\n");
        return text.ToStringAndClear();
    }

    private static void Line(ref DefaultInterpolatedStringHandler text, string name, string? value)
    {
        if (string.IsNullOrEmpty(value))
            return;
        text.AppendLiteral(name);
        text.AppendLiteral(NotificationFields.Printable(value));
        text.AppendLiteral("\r\n");
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
