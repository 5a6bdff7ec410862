namespace ManagedGateway.Operations.Alerts;

/// <summary>Something that holds now and that a person must look at.</summary>
/// <param name="Key">What it is about: while one of this key is open, it is not raised again.</param>
/// <param name="Kind">Certificate, ReceiptOverdue, PartnerSuspended, DeliveryFailing, Backlog, Disk, Security, Message or Notice.</param>
/// <param name="Subject">Of what, for a list.</param>
/// <param name="Text">What it is and what to do.</param>
internal sealed record AlertCondition(string Key, string Kind, string Subject, string Text)
{
    /// <summary>Whose it is; null: the whole gateway's.</summary>
    public string? Organisation { get; init; }

    /// <summary>With each step down it is told again: the days that a certificate has left. Default: 0, told once.</summary>
    public int Level { get; init; }
}

/// <summary>An alert as it is kept.</summary>
internal sealed record Alert(
    long Number, string Kind, int Level, string? Organisation, string Subject, string Text, DateTimeOffset Raised, DateTimeOffset? Resolved);

/// <summary>Finds what holds now. Thread-safe.</summary>
internal interface IAlertCheck
{
    /// <summary>It looks at this machine, not at what all nodes share.</summary>
    bool IsOfNode => false;

    /// <summary>Everything of its kind that a person must look at.</summary>
    Task<IReadOnlyList<AlertCondition>> CheckAsync(CancellationToken cancellationToken);
}
