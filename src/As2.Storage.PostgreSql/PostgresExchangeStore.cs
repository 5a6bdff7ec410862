using System.Text;
using As2.CertificateExchange;
using Npgsql;

namespace As2.Storage.PostgreSql;

/// <summary>Certificate exchanges in the database of a <see cref="PostgresStore"/>: every version a row, so that who saves second is told. Thread-safe.</summary>
public sealed class PostgresExchangeStore : IExchangeStore
{
    private readonly Lazy<PostgresStore> _store;

    /// <param name="store">The store, asked for at first use.</param>
    public PostgresExchangeStore(Func<PostgresStore> store) => _store = new Lazy<PostgresStore>(store);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<Exchange>> ListAsync(CancellationToken cancellationToken)
    {
        var list = new Statements().Add("SELECT DISTINCT ON (id) body FROM exchange ORDER BY id, version DESC");
        var found = await _store.Value.Database.AllAsync(list, row => ExchangeJson.Read(Encoding.UTF8.GetBytes(row.GetString(0))), cancellationToken).ConfigureAwait(false);
        return [.. found.OrderBy(e => e.Created).ThenBy(e => e.Id, StringComparer.Ordinal)];
    }

    /// <inheritdoc/>
    public async ValueTask<bool> SaveAsync(Exchange exchange, CancellationToken cancellationToken)
    {
        var next = exchange with { Version = exchange.Version + 1 };
        var save = new Statements().Add(
            "INSERT INTO exchange SELECT $1, $2, $3 WHERE $2 = 1 OR EXISTS (SELECT 1 FROM exchange WHERE id = $1 AND version = $2 - 1)",
            next.Id, next.Version, Encoding.UTF8.GetString(ExchangeJson.Write(next)));
        try
        {
            return await _store.Value.Database.WriteAsync(save, cancellationToken).ConfigureAwait(false) is [1];
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return false;
        }
    }
}
