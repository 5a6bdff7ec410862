namespace As2.CertificateExchange;

/// <summary>The durable memory of certificate exchanges: few, small, kept for years. Thread-safe, also between processes.</summary>
public interface IExchangeStore
{
    /// <summary>Every exchange in its last version, the oldest first.</summary>
    /// <exception cref="As2Exception">AS2-STORE-*: it cannot be read.</exception>
    ValueTask<IReadOnlyList<Exchange>> ListAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Saves the next version of an exchange; durable when it returned. <see cref="Exchange.Version"/> is the version that was read,
    /// 0 for a new one. False: somebody else saved first, read again.
    /// </summary>
    /// <exception cref="As2Exception">AS2-STORE-*: it cannot be written.</exception>
    ValueTask<bool> SaveAsync(Exchange exchange, CancellationToken cancellationToken);
}

/// <summary>Steps on the store.</summary>
internal static class ExchangeSteps
{
    /// <summary>Applies a step to the exchange as it stands; null from the step, or no such exchange: nothing is changed.</summary>
    public static async ValueTask<Exchange?> UpdateAsync(
        this IExchangeStore store, string id, Func<Exchange, Exchange?> step, CancellationToken cancellationToken)
    {
        while (true)
        {
            var exchanges = await store.ListAsync(cancellationToken).ConfigureAwait(false);
            if (exchanges.FirstOrDefault(e => e.Id == id) is not { } exchange || step(exchange) is not { } next)
                return null;
            if (await store.SaveAsync(next, cancellationToken).ConfigureAwait(false))
                return next;
        }
    }

    /// <summary>Applies a step to each certificate.</summary>
    public static Exchange Each(this Exchange exchange, Func<ExchangedCertificate, ExchangedCertificate> step)
        => exchange with { Certificates = [.. exchange.Certificates.Select(step)] };
}
