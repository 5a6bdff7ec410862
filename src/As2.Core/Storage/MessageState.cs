namespace As2.Storage;

/// <summary>Which way a message goes.</summary>
public enum MessageDirection
{
    /// <summary>From the partner to us.</summary>
    Inbound,

    /// <summary>From us to the partner.</summary>
    Outbound,
}

/// <summary>Where a message stands. Inbound: Accepted → Delivered, or Refused. Outbound: Submitted → Packaged → Sending → … → Acknowledged.</summary>
public enum MessageState
{
    /// <summary>Inbound: durable, receipt stored, delivery due.</summary>
    Accepted,

    /// <summary>Inbound: every route took the payload. Final.</summary>
    Delivered,

    /// <summary>Inbound: not accepted; kept for the operator, without a duplicate key. Final.</summary>
    Refused,

    /// <summary>Outbound: payload durable, sending due.</summary>
    Submitted,

    /// <summary>Outbound: wire bytes and MIC durable; from here on every attempt sends the same bytes.</summary>
    Packaged,

    /// <summary>Outbound: an attempt was begun; after a crash its outcome is unknown.</summary>
    Sending,

    /// <summary>Outbound: taken by the partner, asynchronous receipt awaited.</summary>
    AwaitingReceipt,

    /// <summary>Outbound: the last attempt had no outcome; the same bytes go again.</summary>
    RetryWait,

    /// <summary>Outbound: the receipt is positive, or none was asked for. Final.</summary>
    Acknowledged,

    /// <summary>Outbound: the partner's receipt is negative. Final.</summary>
    Rejected,

    /// <summary>Outbound: the receipt's MIC is not ours. Final, needs a person.</summary>
    MicMismatch,

    /// <summary>Outbound: the retry schedule ended. Final, needs a person; a late receipt still counts.</summary>
    Expired,

    /// <summary>Outbound: cannot be sent before somebody mends the cause (credentials, certificate, address).</summary>
    Suspended,

    /// <summary>Outbound: withdrawn by an operator. Final.</summary>
    Cancelled,
}
