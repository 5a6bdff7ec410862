using As2;
using As2.Storage.PostgreSql;
using ManagedGateway.Stores;
using Npgsql;

namespace ManagedGateway.Operations.Store;

/// <summary>
/// The same in the database that the nodes share, in a schema beside the messages'. A change holds a lock that the database knows, so that
/// what it reads first is still so when it writes, as with SQLite. Thread-safe.
/// </summary>
internal sealed class PostgresOperations : OperationsDatabase
{
    private const int Connections = 5, Tries = 3;

    // A node that stalls inside a change loses it and lets the others go on; nobody waits for ever.
    private const string Alone =
        """
        SET LOCAL lock_timeout = '10s';
        SET LOCAL idle_in_transaction_session_timeout = '5s';
        SELECT pg_advisory_xact_lock(hashtext('as2 operations'), hashtext(current_schema()))
        """;

    private readonly NpgsqlDataSource _source;
    private readonly string _server;

    /// <exception cref="As2Exception">GW-OPERATIONS-001, -002: it cannot be used.</exception>
    public PostgresOperations(StoreSettings settings, string data)
    {
        var options = new PostgresStoreOptions();
        GatewayStore.Configure(options, settings, data);
        Schema = options.Schema + "_operations";
        var text = new NpgsqlConnectionStringBuilder(options.ConnectionString) { SearchPath = Schema, MaxPoolSize = Connections, CommandTimeout = 15 };
        _server = $"{text.Host}:{text.Port}/{text.Database}";
        var builder = new NpgsqlDataSourceBuilder(text.ConnectionString);
        if (options.Password is { } password)
            builder.UsePasswordProvider(_ => password(), (_, _) => ValueTask.FromResult(password()));
        _source = builder.Build();
        try
        {
            PostgresOperationsSchema.Migrate(_source, Schema);
        }
        catch (NpgsqlException e)
        {
            _source.Dispose();
            throw Unusable(e);
        }
    }

    /// <summary>The schema of its tables, and the channel on which changes of what is saved are told.</summary>
    public string Schema { get; }

    public override T Read<T>(Func<OperationsSession, T> query)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                using var connection = _source.OpenConnection();
                return query(new OperationsSession(connection));
            }
            catch (NpgsqlException e) when (tries < Tries && e.IsTransient)
            {
                // A connection from before a restart of the server.
            }
            catch (Exception e) when (IsTrouble(e))
            {
                throw Unusable(e);
            }
        }
    }

    public override T Change<T>(Func<OperationsSession, T> change)
    {
        try
        {
            using var connection = Begin(out var transaction);
            using (transaction)
            {
                var result = change(new OperationsSession(connection, transaction));
                transaction.Commit();
                return result;
            }
        }
        catch (Exception e) when (IsTrouble(e))
        {
            throw Unusable(e);
        }
    }

    /// <summary>Waits until a node changed what is saved; a hint, which may be lost.</summary>
    public async Task ListenAsync(Action told, CancellationToken cancellationToken)
    {
        await using var connection = await _source.OpenConnectionAsync(cancellationToken);
        connection.Notification += (_, _) => told();
        await using (var listen = connection.CreateCommand())
        {
#pragma warning disable CA2100 // A schema's name that was checked; LISTEN takes no parameter.
            listen.CommandText = $"LISTEN \"{Schema}\"";
#pragma warning restore CA2100
            await listen.ExecuteNonQueryAsync(cancellationToken);
        }
        while (true)
            await connection.WaitAsync(cancellationToken);
    }

    public override void Dispose() => _source.Dispose();

    private NpgsqlConnection Begin(out NpgsqlTransaction transaction)
    {
        for (var tries = 1; ; tries++)
        {
            var connection = _source.OpenConnection();
            try
            {
                transaction = connection.BeginTransaction();
                new OperationsSession(connection, transaction).Execute(Alone);
                return connection;
            }
            catch (NpgsqlException e)
            {
                connection.Dispose();
                if (tries == Tries || !e.IsTransient)
                    throw;
            }
        }
    }

    // What a trigger of ours refuses is a mistake of this program.
    private static bool IsTrouble(Exception e) => e is TimeoutException or NpgsqlException and not PostgresException { SqlState: PostgresErrorCodes.RaiseException };

    private As2Exception Unusable(Exception e) => new(
        "GW-OPERATIONS-002", $"The database '{_server}' of users and settings cannot be used now: {e.Message} What was asked for did not happen; ask again when it answers.", e);
}
