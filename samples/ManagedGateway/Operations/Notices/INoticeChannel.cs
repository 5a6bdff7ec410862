namespace ManagedGateway.Operations.Notices;

/// <summary>Tells notices over one kind of channel. Thread-safe.</summary>
internal interface INoticeChannel
{
    /// <summary>Whether this channel is its.</summary>
    bool Serves(string channel);

    /// <summary>Tells one.</summary>
    /// <returns>Null: it was taken. Else why not, in plain words; it is tried again.</returns>
    Task<string?> TellAsync(Notice notice, CancellationToken cancellationToken);
}
