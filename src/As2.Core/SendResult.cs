using As2.Receipts;
using As2.Storage;

namespace As2;

/// <summary>How an attempt to send ended. Immutable.</summary>
public sealed record SendResult
{
    /// <summary>Our identifier of the message.</summary>
    public required string Id { get; init; }

    /// <summary>The Message-ID on the wire; null while nothing was packed.</summary>
    public string? MessageId { get; init; }

    /// <summary>Where the message stands now.</summary>
    public required MessageState State { get; init; }

    /// <summary>The disposition of the receipt, where one came.</summary>
    public Disposition? Disposition { get; init; }

    /// <summary>The receipt, where one came.</summary>
    public Receipt? Receipt { get; init; }

    /// <summary>Plain words: why it stands where it stands.</summary>
    public string Reason { get; init; } = "";

    /// <summary>True when the partner's verified receipt says that the message arrived whole, or none was asked for and it was taken.</summary>
    public bool IsAcknowledged => State == MessageState.Acknowledged;
}
