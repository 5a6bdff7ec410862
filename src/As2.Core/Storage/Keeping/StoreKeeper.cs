namespace As2.Storage;

/// <summary>Keeps a store in its bounds. A service runs it once at start and every hour or so; a crash in it loses nothing.</summary>
public sealed class StoreKeeper
{
    private const int Batch = 200;

    private readonly IStoreKeeping _store;
    private readonly IBlobStore _blobs;
    private readonly RetentionPolicy _policy;

    /// <param name="store">What to keep.</param>
    /// <param name="blobs">Its blobs.</param>
    /// <param name="policy">How long.</param>
    /// <exception cref="As2Exception">AS2-STORE-012: the policy forgets records before their contents.</exception>
    public StoreKeeper(IStoreKeeping store, IBlobStore blobs, RetentionPolicy policy)
    {
        if (policy.Records < policy.Contents)
            throw new As2Exception(StoreFault.Retention, $"Records are kept for {policy.Records}, their contents for {policy.Contents}. Keep records at least as long.");
        (_store, _blobs, _policy) = (store, blobs, policy);
    }

    /// <summary>One round: purges by the policy, removes marked blobs, collects orphans.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (await _store.PurgeAsync(_policy, Batch, cancellationToken).ConfigureAwait(false) == Batch)
        {
        }
        while (await RemoveMarkedAsync(cancellationToken).ConfigureAwait(false))
        {
        }
        await foreach (var blob in _blobs.ListAsync(_policy.Orphans, cancellationToken).ConfigureAwait(false))
        {
            if (!await _store.IsNamedAsync(blob, cancellationToken).ConfigureAwait(false))
                await _blobs.DeleteAsync(blob, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<bool> RemoveMarkedAsync(CancellationToken cancellationToken)
    {
        var marked = await _store.ListRemovableAsync(Batch, cancellationToken).ConfigureAwait(false);
        foreach (var blob in marked)
            await _blobs.DeleteAsync(blob, cancellationToken).ConfigureAwait(false);
        CrashPoint.Hit("sweep");
        await _store.ForgetAsync(marked, cancellationToken).ConfigureAwait(false);
        return marked.Count > 0;
    }
}
