using System.Text.Json.Nodes;
using As2.Testing;

namespace As2.Gateway.Tests.Operations;

/// <summary>Where users, sessions, audit log and saved settings are kept: the same tests hold for both.</summary>
public enum Kept
{
    /// <summary>In the data folder's own database.</summary>
    InFolder,

    /// <summary>In the database that nodes share.</summary>
    Shared,
}

/// <summary>One PostgreSQL for the tests of this assembly, started when the first asks for it; a schema of its own for each.</summary>
[SetUpFixture]
internal sealed class SharedDatabase
{
    private static readonly Lazy<PostgresServer> s_server = new(() => new PostgresServer().Start());
    private static int s_schemas;

    /// <summary>A section Store with a schema that nobody uses.</summary>
    public static JsonObject NewStore(string blobs) => new()
    {
        ["Postgres"] = s_server.Value.ConnectionString, ["Schema"] = $"test_{Interlocked.Increment(ref s_schemas)}", ["Blobs"] = blobs, ["MaxConnections"] = 10,
    };

    [OneTimeTearDown]
    public void Stop()
    {
        Npgsql.NpgsqlConnection.ClearAllPools();
        if (s_server.IsValueCreated)
            s_server.Value.Dispose();
    }
}
