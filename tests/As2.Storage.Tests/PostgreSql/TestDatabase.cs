using As2.Storage.PostgreSql;
using As2.Testing;
using As2.Testing.Storage;
using Npgsql;

namespace As2.Storage.Tests.PostgreSql;

/// <summary>One server for all tests of this assembly; a schema of its own for each.</summary>
[SetUpFixture]
internal sealed class TestDatabase
{
    private static readonly Lazy<PostgresServer> s_server = new(() => new PostgresServer().Start());
    private static int s_schemas;

    public static string ConnectionString => s_server.Value.ConnectionString;

    /// <summary>A schema that nobody uses.</summary>
    public static PostgresStoreOptions NewSchema() => new()
    {
        ConnectionString = ConnectionString, Schema = $"test_{Interlocked.Increment(ref s_schemas)}", MaxConnections = 10,
    };

    public static PostgresStore Open(PostgresStoreOptions options, JobSignal? signal = null)
        => PostgresStore.OpenAsync(options, signal, CancellationToken.None).GetAwaiter().GetResult();

    /// <summary>An empty store whose database goes by the test's clock.</summary>
    public static StoreUnderTest OpenFor(TimeProvider time)
    {
        var (options, clock, folder) = (NewSchema(), (ManualTime)time, new TempFolder());
        var store = Open(options, new JobSignal(time));
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        Run(options,
            $"""
            CREATE TABLE test_clock (now bigint);
            INSERT INTO test_clock VALUES ({now});
            CREATE OR REPLACE FUNCTION now_ms() RETURNS bigint LANGUAGE sql STABLE AS 'SELECT now FROM test_clock';
            """);
        clock.Passed += span => Run(options, $"UPDATE test_clock SET now = now + {(long)span.TotalMilliseconds}");
        return new(store, store, store, new FileBlobStore(folder.Path, time), store.Signal, new Both(store, folder));
    }

    /// <summary>Statements of a test.</summary>
    public static object? Run(PostgresStoreOptions options, string sql)
    {
        using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(options.ConnectionString) { SearchPath = options.Schema + ",public" }.ConnectionString);
        connection.Open();
#pragma warning disable CA2100 // Texts of tests.
        using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        return command.ExecuteScalar();
    }

    [OneTimeTearDown]
    public void Stop()
    {
        NpgsqlConnection.ClearAllPools();
        if (s_server.IsValueCreated)
            s_server.Value.Dispose();
    }

    private sealed class Both(PostgresStore store, TempFolder folder) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await store.DisposeAsync();
            folder.Dispose();
        }
    }
}
