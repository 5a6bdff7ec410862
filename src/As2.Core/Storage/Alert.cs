using Microsoft.Extensions.Logging;

namespace As2.Storage;

/// <summary>
/// What a person must look at. An alert is a line of its message's history with the kind <see cref="Kind"/>, durable in the transaction
/// that it belongs to, and a log line with the event id 2900. <see cref="IMessageJournal.ListAlertsAsync"/> lists them. Its text
/// begins with one of these words.
/// </summary>
public static partial class Alert
{
    /// <summary>The kind of the history line.</summary>
    public const string Kind = "alert";

    /// <summary>A message was given up; its payload is kept, and can be sent again as a new message.</summary>
    public const string Expired = "expired";

    /// <summary>A Message-ID came again over other content; what came is in quarantine.</summary>
    public const string ReusedMessageId = "message-id-reused";

    /// <summary>A second receipt contradicts the one that settled the message.</summary>
    public const string ReceiptConflict = "receipt-conflict";

    /// <summary>A receipt came for a message that was given up or withdrawn.</summary>
    public const string LateReceipt = "late-receipt";

    /// <summary>The receipt is over other octets than ours.</summary>
    public const string MicMismatch = "mic-mismatch";

    /// <summary>Nothing goes to the partner before somebody mends the cause.</summary>
    public const string Suspended = "suspended";

    /// <summary>An asynchronous receipt could not be posted and was given up; the partner's next retry gets it.</summary>
    public const string ReceiptNotSent = "receipt-not-sent";

    /// <summary>A route has not taken a received message for an hour; said once more every day. It is tried on.</summary>
    public const string NotDelivered = "not-delivered";

    /// <summary>A certificate exchange waits for a decision, or did not go as it should.</summary>
    public const string CertificateExchange = "certificate-exchange";

    internal static (string Kind, string Text) Line(string word, string text) => (Kind, $"{word}: {text}");

    internal static void Log(ILogger logger, string messageId, IReadOnlyList<(string Kind, string Text)> events)
    {
        foreach (var (kind, text) in events)
        {
            if (kind == Kind)
                LogAlert(logger, messageId, text);
        }
    }

    [LoggerMessage(2900, LogLevel.Warning, "Alert on message {Id}: {Text}")]
    private static partial void LogAlert(ILogger logger, string id, string text);
}
