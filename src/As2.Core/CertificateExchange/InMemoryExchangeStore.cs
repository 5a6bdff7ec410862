using System.Collections.Concurrent;

namespace As2.CertificateExchange;

/// <summary>Forgets everything with its process: for tests, and for programs that try things out.</summary>
public sealed class InMemoryExchangeStore : IExchangeStore
{
    private readonly ConcurrentDictionary<string, Exchange> _exchanges = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Exchange>> ListAsync(CancellationToken cancellationToken)
        => ValueTask.FromResult<IReadOnlyList<Exchange>>([.. _exchanges.Values.OrderBy(e => e.Created).ThenBy(e => e.Id, StringComparer.Ordinal)]);

    /// <inheritdoc/>
    public ValueTask<bool> SaveAsync(Exchange exchange, CancellationToken cancellationToken)
    {
        var next = exchange with { Version = exchange.Version + 1 };
        var saved = exchange.Version == 0
            ? _exchanges.TryAdd(exchange.Id, next)
            : _exchanges.TryGetValue(exchange.Id, out var held) && held.Version == exchange.Version && _exchanges.TryUpdate(exchange.Id, next, held);
        return ValueTask.FromResult(saved);
    }
}
