using System.Data.Common;
using Npgsql;

namespace As2.Storage.PostgreSql;

/// <summary>The connections of one node. Thread-safe.</summary>
internal sealed class PostgresDatabase : IAsyncDisposable
{
    private const int MaxTries = 10;

    private readonly NpgsqlDataSource _source;
    private readonly PostgresHealth _health;

    public PostgresDatabase(PostgresStoreOptions options, PostgresHealth health)
    {
        var text = new NpgsqlConnectionStringBuilder(options.ConnectionString)
        {
            SearchPath = $"{options.Schema},public",
            MaxPoolSize = options.MaxConnections,
            CommandTimeout = (int)Math.Ceiling(options.CommandTimeout.TotalSeconds),
            MaxAutoPrepare = 200,
            AutoPrepareMinUsages = 2,
        };
        Server = $"{text.Host}:{text.Port}/{text.Database}";
        if (string.IsNullOrEmpty(text.ApplicationName))
            text.ApplicationName = "as2";
        var builder = new NpgsqlDataSourceBuilder(text.ConnectionString);
        if (options.Password is { } password)
            builder.UsePasswordProvider(_ => password(), (_, _) => ValueTask.FromResult(password()));
        _source = builder.Build();
        _health = health;
    }

    /// <summary>How messages name it: without user and password.</summary>
    public string Server { get; }

    /// <summary>A connection for the caller alone.</summary>
    public async ValueTask<NpgsqlConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw Fault(e);
        }
    }

    /// <summary>Runs statements as one transaction in one round trip. What the server ended for another's sake is run again.</summary>
    /// <returns>How many rows each statement changed.</returns>
    /// <exception cref="PostgresException">A condition of ours, or a key that is taken.</exception>
    public Task<int[]> WriteAsync(Statements statements, CancellationToken cancellationToken) => AgainAsync(async () =>
    {
        await using var connection = await _source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        return await RunAsync(statements, connection, null, cancellationToken).ConfigureAwait(false);
    });

    /// <summary>The same where names have to be looked for first: several round trips, one transaction.</summary>
    public Task<int[]> WriteAsync(Func<NpgsqlConnection, Task<Statements>> prepare, CancellationToken cancellationToken) => AgainAsync(async () =>
    {
        await using var connection = await _source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        var changed = await RunAsync(await prepare(connection).ConfigureAwait(false), connection, transaction, cancellationToken).ConfigureAwait(false);
        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        return changed;
    });

    /// <summary>Reads the rows of the last statement, which may change rows itself.</summary>
    public Task<List<T>> AllAsync<T>(Statements statements, Func<DbDataReader, T> read, CancellationToken cancellationToken) => AgainAsync(async () =>
    {
        await using var connection = await _source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        await using var batch = statements.On(connection, null);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        var rows = new List<T>();
        do
        {
            rows.Clear();
            while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
                rows.Add(read(reader));
        }
        while (await reader.NextResultAsync(cancellationToken).ConfigureAwait(false));
        return rows;
    });

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private static async Task<int[]> RunAsync(
        Statements statements, NpgsqlConnection connection, NpgsqlTransaction? transaction, CancellationToken cancellationToken)
    {
        await using var batch = statements.On(connection, transaction);
        await batch.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        return [.. batch.BatchCommands.Select((NpgsqlBatchCommand command) => command.RecordsAffected)];
    }

    private async Task<T> AgainAsync<T>(Func<Task<T>> work)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                var result = await work().ConfigureAwait(false);
                _health.Succeeded();
                return result;
            }
            catch (Exception e) when (tries < MaxTries && PostgresFault.IsPassing(e))
            {
                // Nothing of it happened, and the other transaction went on.
            }
            catch (PostgresException e) when (IsCondition(e))
            {
                _health.Succeeded();
                throw;
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                throw Fault(e);
            }
        }
    }

    // What the callers look at: our own conditions, and keys that are taken.
    private static bool IsCondition(PostgresException e) => e.SqlState.StartsWith("AS2", StringComparison.Ordinal) || e.SqlState == PostgresErrorCodes.UniqueViolation;

    private Exception Fault(Exception e)
    {
        var fault = PostgresFault.Translate(e, Server);
        _health.Failed(fault);
        return fault;
    }
}
