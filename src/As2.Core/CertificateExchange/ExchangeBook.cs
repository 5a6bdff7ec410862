using System.Collections.Frozen;
using As2.Agreements;

namespace As2.CertificateExchange;

/// <summary>
/// The exchanges in memory, for what asks with every message. Read at first use and again by <see cref="RefreshAsync"/>; nothing that
/// depends on a change may leave the house before. Thread-safe.
/// </summary>
internal sealed class ExchangeBook(IExchangeStore store)
{
    private volatile FrozenDictionary<(As2Identifier Local, As2Identifier Partner), IReadOnlyList<Exchange>>? _pairs;

    /// <summary>The exchanges of a pair, the oldest first.</summary>
    public async ValueTask<IReadOnlyList<Exchange>> OfAsync(Partnership partnership, CancellationToken cancellationToken)
    {
        if (_pairs is null)
            await RefreshAsync(cancellationToken).ConfigureAwait(false);
        return _pairs!.TryGetValue((partnership.Local, partnership.Partner), out var exchanges) ? exchanges : [];
    }

    /// <summary>Takes over what the store holds now.</summary>
    /// <returns>All of it.</returns>
    public async ValueTask<IReadOnlyList<Exchange>> RefreshAsync(CancellationToken cancellationToken)
    {
        var all = await store.ListAsync(cancellationToken).ConfigureAwait(false);
        _pairs = all.GroupBy(e => (e.Local, e.Partner)).ToFrozenDictionary(g => g.Key, g => (IReadOnlyList<Exchange>)[.. g]);
        return all;
    }
}
