namespace As2.Storage;

/// <summary>
/// Forgets what is old: the row is changed and its blob marked in one transaction, then the blob is removed, then the mark. Files of
/// mailboxes are their accounts' own and are never touched. Thread-safe.
/// </summary>
public interface IStoreKeeping
{
    /// <summary>Purges finished messages by the policy, oldest first.</summary>
    /// <returns>How many messages lost their contents or their record; less than <paramref name="max"/> when nothing is left to do.</returns>
    ValueTask<int> PurgeAsync(RetentionPolicy policy, int max, CancellationToken cancellationToken);

    /// <summary>Blobs that are marked for removal; none while a backup copies them.</summary>
    ValueTask<IReadOnlyList<string>> ListRemovableAsync(int max, CancellationToken cancellationToken);

    /// <summary>Removes the marks of blobs that are gone.</summary>
    ValueTask ForgetAsync(IReadOnlyList<string> blobs, CancellationToken cancellationToken);

    /// <summary>True when a row names this blob.</summary>
    ValueTask<bool> IsNamedAsync(string blob, CancellationToken cancellationToken);

    /// <summary>True: this message is here and has no work of this kind. False: some is left, or there is no such message.</summary>
    /// <param name="id">Our identifier of the message.</param>
    /// <param name="kind">Which work.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    ValueTask<bool> IsDoneAsync(string id, JobKind kind, CancellationToken cancellationToken);
}
