namespace As2.Headers;

/// <summary>Every header and field name of AS2 in one place, in the spelling of the RFCs.</summary>
public static class As2HeaderNames
{
    /// <summary>The sender's AS2 name (RFC 4130 §6.2). Message and receipt.</summary>
    public const string As2From = "AS2-From";

    /// <summary>The receiver's AS2 name (RFC 4130 §6.2). Message and receipt.</summary>
    public const string As2To = "AS2-To";

    /// <summary>Protocol version: 1.0, 1.1 with compression, 1.2 with EDIINT-Features (RFC 4130 §6.1, RFC 6017).</summary>
    public const string As2Version = "AS2-Version";

    /// <summary>Features of the sending product (RFC 6017).</summary>
    public const string EdiintFeatures = "EDIINT-Features";

    /// <summary>Identifier of a message or a receipt (RFC 4130 §5.3.3).</summary>
    public const string MessageId = "Message-ID";

    /// <summary>Free text about the message.</summary>
    public const string Subject = "Subject";

    /// <summary>When it was made.</summary>
    public const string Date = "Date";

    /// <summary>Presence asks for a receipt; the value is never an address (RFC 4130 §7.3).</summary>
    public const string DispositionNotificationTo = "Disposition-Notification-To";

    /// <summary>How the receipt is to be signed (RFC 4130 §7.3).</summary>
    public const string DispositionNotificationOptions = "Disposition-Notification-Options";

    /// <summary>Where an asynchronous receipt is to be posted (RFC 4130 §7.3).</summary>
    public const string ReceiptDeliveryOption = "Receipt-Delivery-Option";

    /// <summary>MIME type of the outermost entity.</summary>
    public const string ContentType = "Content-Type";

    /// <summary>Transfer encoding of an entity; over HTTP absent means binary (RFC 4130 §5.2.1).</summary>
    public const string ContentTransferEncoding = "Content-Transfer-Encoding";

    /// <summary>Carries the file name of a part (RFC 2183).</summary>
    public const string ContentDisposition = "Content-Disposition";

    /// <summary>MIME version, <c>1.0</c>.</summary>
    public const string MimeVersion = "MIME-Version";

    /// <summary>The sending product.</summary>
    public const string UserAgent = "User-Agent";

    /// <summary>Receipt field: the product that made it (RFC 8098 §3.2.1).</summary>
    public const string ReportingUa = "Reporting-UA";

    /// <summary>Receipt field: the recipient as addressed (RFC 8098 §3.2.3).</summary>
    public const string OriginalRecipient = "Original-Recipient";

    /// <summary>Receipt field: the recipient that answers (RFC 8098 §3.2.4).</summary>
    public const string FinalRecipient = "Final-Recipient";

    /// <summary>Receipt field: the Message-ID that is answered (RFC 8098 §3.2.5).</summary>
    public const string OriginalMessageId = "Original-Message-ID";

    /// <summary>Receipt field: the outcome (RFC 4130 §7.4.4).</summary>
    public const string Disposition = "Disposition";

    /// <summary>Receipt field: the MIC of what was received (RFC 4130 §7.4.3).</summary>
    public const string ReceivedContentMic = "Received-Content-MIC";
}
