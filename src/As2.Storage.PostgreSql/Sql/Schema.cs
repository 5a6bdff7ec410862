using System.Text.RegularExpressions;
using Npgsql;

namespace As2.Storage.PostgreSql;

/// <summary>
/// Brings the database to what this program knows, when a node starts. One node does it, the others wait; those that run already go on.
/// </summary>
internal sealed partial class Schema
{
    // 'As2S' and the number of what is locked.
    private const long MigrationLock = 0x41733253_0001;

    private const string Versions =
        "CREATE TABLE IF NOT EXISTS schema_version (version integer PRIMARY KEY, oldest_program integer NOT NULL, at timestamptz NOT NULL DEFAULT now())";

    private readonly PostgresDatabase _database;
    private readonly PostgresStoreOptions _options;
    private readonly IReadOnlyList<Migration> _migrations;

    /// <param name="database">Where.</param>
    /// <param name="options">The schema's name, and what is allowed.</param>
    /// <param name="migrations">What this program knows. Default: all.</param>
    public Schema(PostgresDatabase database, PostgresStoreOptions options, IReadOnlyList<Migration>? migrations = null)
    {
        if (!NamePattern().IsMatch(options.Schema))
            throw new As2Exception(StoreFault.NoAccess, $"'{options.Schema}' is no name for a schema. Use small letters, digits and underscores.");
        (_database, _options, _migrations) = (database, options, migrations ?? Migration.All);
    }

    /// <exception cref="As2Exception">AS2-STORE-004, -010, -016, -017: it cannot be used.</exception>
    public async Task MigrateAsync(CancellationToken cancellationToken)
    {
        await using var connection = await _database.ConnectAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await DemandDurabilityAsync(connection, cancellationToken).ConfigureAwait(false);
            await RunAsync(connection, $"SELECT pg_advisory_lock({MigrationLock})", cancellationToken).ConfigureAwait(false);
            await MigrateAsync(connection, cancellationToken).ConfigureAwait(false);
            await RunAsync(connection, $"SELECT pg_advisory_unlock({MigrationLock})", cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException)
        {
            throw PostgresFault.Translate(e, _database.Server);
        }
    }

    private async Task DemandDurabilityAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var says = (string)(await ReadAsync(
            connection, "SELECT current_setting('synchronous_commit') || ' ' || current_setting('fsync')", cancellationToken).ConfigureAwait(false))!;
        if (!_options.UnsafelyAllowLazyCommits && (says.StartsWith("off", StringComparison.Ordinal) || says.EndsWith("off", StringComparison.Ordinal)))
        {
            throw new As2Exception(StoreFault.LazyCommits,
                $"The database '{_database.Server}' reports commits that are not on the disk (synchronous_commit and fsync: {says}). Set both to on.");
        }
    }

    private async Task MigrateAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        // A name that the pattern allows; a user without the right to make schemas finds it made.
        var exists = await ReadAsync(connection, $"SELECT 1 FROM pg_namespace WHERE nspname = '{_options.Schema}'", cancellationToken).ConfigureAwait(false);
        if (exists is null)
            await RunAsync(connection, $"CREATE SCHEMA {_options.Schema}", cancellationToken).ConfigureAwait(false);
        await RunAsync(connection, Versions, cancellationToken).ConfigureAwait(false);
        var found = (int)(await ReadAsync(connection, "SELECT coalesce(max(version), 0) FROM schema_version", cancellationToken).ConfigureAwait(false))!;
        var oldest = (int)(await ReadAsync(connection, "SELECT coalesce(max(oldest_program), 0) FROM schema_version", cancellationToken).ConfigureAwait(false))!;
        var known = _migrations[^1].Version;
        if (oldest > known)
        {
            throw new As2Exception(StoreFault.NewerSchema,
                $"The database '{_database.Server}' has schema {found}, for programs from {oldest} on; this one knows {known}. Run the newer program.");
        }
        foreach (var step in _migrations.Where(m => m.Version > found))
            await ApplyAsync(connection, step, cancellationToken).ConfigureAwait(false);
        await RunAsync(connection, RaiseBase, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>After a copy into another server, whose transactions count from a lower number: new events come after the copied ones.</summary>
    public const string RaiseBase =
        """
        UPDATE event_base SET base = base + found.last + 1 - found.next FROM (
            SELECT coalesce((SELECT max(sequence) FROM event), 0) AS last, base + (pg_snapshot_xmin(pg_current_snapshot())::text::bigint << 10) AS next
            FROM event_base) AS found
        WHERE found.last >= found.next
        """;

    // Who runs already is not kept waiting: a lock that is not given soon is asked for again.
    private static async Task ApplyAsync(NpgsqlConnection connection, Migration step, CancellationToken cancellationToken)
    {
        while (true)
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                await RunAsync(connection, "SET LOCAL lock_timeout = '2s'", cancellationToken).ConfigureAwait(false);
                foreach (var statement in step.Statements)
                    await RunAsync(connection, statement, cancellationToken).ConfigureAwait(false);
                await RunAsync(connection, $"INSERT INTO schema_version VALUES ({step.Version}, {step.OldestProgram})", cancellationToken).ConfigureAwait(false);
                await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (PostgresException e) when (PostgresFault.IsPassing(e))
            {
                await transaction.RollbackAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = New(connection, sql);
        await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    private static async Task<object?> ReadAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = New(connection, sql);
        return await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false);
    }

    private static NpgsqlCommand New(NpgsqlConnection connection, string sql)
    {
        var command = connection.CreateCommand();
        command.CommandTimeout = 0; // An index of a large table takes its time.
#pragma warning disable CA2100 // Constants of this package, and a schema's name that the pattern allows.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command;
    }

    [GeneratedRegex(@"\A[a-z_][a-z0-9_]{0,40}\z")]
    private static partial Regex NamePattern();
}
