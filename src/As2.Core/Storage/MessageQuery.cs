using As2.Agreements;

namespace As2.Storage;

/// <summary>Which messages to list. Every filter that is null lets everything pass.</summary>
public sealed record MessageQuery
{
    /// <summary>Only messages older than this identifier of ours: the last one of the page before. Null: from the newest.</summary>
    public string? Before { get; init; }

    /// <summary>At most this many, 1 to 1,000. Default 100.</summary>
    public int Max { get; init; } = 100;

    /// <summary>Only messages made at this moment or later: by their identifier, which begins with its time.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Only messages made before this moment.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>One direction.</summary>
    public MessageDirection? Direction { get; init; }

    /// <summary>One state.</summary>
    public MessageState? State { get; init; }

    /// <summary>One of our AS2 names.</summary>
    public As2Identifier? Local { get; init; }

    /// <summary>One partner.</summary>
    public As2Identifier? Partner { get; init; }

    /// <summary>Part of the Message-ID or of the first payload's file name, in any case. From three characters on a large store
    /// finds it by an index; PostgreSQL looks for shorter ones among the newest 50,000 messages of the other filters.</summary>
    public string? Text { get; init; }
}

/// <summary>A message in a list.</summary>
public sealed record MessageSummary
{
    /// <summary>Our own identifier.</summary>
    public required string Id { get; init; }

    /// <summary>The duplicate key.</summary>
    public required MessageKey Key { get; init; }

    /// <summary>Where it stands.</summary>
    public required MessageState State { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>When its state last changed.</summary>
    public required DateTimeOffset Changed { get; init; }

    /// <summary>The first payload's file name, or null.</summary>
    public string? FileName { get; init; }

    /// <summary>All payloads' length in bytes.</summary>
    public long Length { get; init; }

    /// <summary>The disposition of the receipt, or null.</summary>
    public string? Disposition { get; init; }

    /// <summary>What was seen or applied, in plain words.</summary>
    public string Security { get; init; } = "";

    /// <summary>Plain words where something went wrong.</summary>
    public string? Diagnosis { get; init; }

    /// <summary>The mailbox account of an outbound message, or null.</summary>
    public string? Account { get; init; }

    /// <summary>Attempts to send so far.</summary>
    public int Attempts { get; init; }
}
