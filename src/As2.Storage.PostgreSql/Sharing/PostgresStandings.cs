using System.Data.Common;
using System.Diagnostics;
using As2.Agreements;

namespace As2.Storage.PostgreSql;

/// <summary>
/// How partners stand, for every node, by the database's clock. Few have a standing: whoever asks whether one is left alone gets an answer
/// out of a list of all that is at most a second old. Thread-safe.
/// </summary>
internal sealed class PostgresStandings : IPartnerStandings
{
    private const string Columns = "SELECT purpose, local, partner, version, failures, pause, until - now_ms(), probed, refused, reason FROM partner_standing";

    private static readonly TimeSpan s_age = TimeSpan.FromSeconds(1);

    private readonly Lazy<PostgresStore> _store;
    private volatile Listed? _listed;
    private int _isAsking;

    public PostgresStandings(Func<PostgresStore> store) => _store = new Lazy<PostgresStore>(store);

    public async ValueTask<PartnerStanding?> FindAsync(StandingKey key, bool fresh, CancellationToken cancellationToken)
    {
        if (fresh)
        {
            return (await Database.AllAsync(
                new Statements().Add(Columns + " WHERE purpose = $1 AND local = $2 AND partner = $3", key.Purpose, key.Local.Value, key.Partner.Value),
                Read, cancellationToken).ConfigureAwait(false)).FirstOrDefault();
        }
        var listed = _listed is { IsYoung: true } known ? known : await ListAsync(cancellationToken).ConfigureAwait(false);
        return listed.All.GetValueOrDefault(key) is { } found ? found with { Left = found.Left - listed.Age } : null;
    }

    public async ValueTask<bool> ReplaceAsync(PartnerStanding standing, CancellationToken cancellationToken)
    {
        var (key, pause) = (standing.Key, (long)standing.Pause.TotalMilliseconds);
        object? left = standing.Left is { } time ? (long)time.TotalMilliseconds : null;
        var change = standing.Version == 0
            ? new Statements().Add(
                """
                INSERT INTO partner_standing (purpose, local, partner, version, failures, pause, until, probed, refused, reason)
                VALUES ($1, $2, $3, 1, $4, $5, now_ms() + $6, $7, $8, $9) ON CONFLICT DO NOTHING
                """,
                key.Purpose, key.Local.Value, key.Partner.Value, standing.Failures, pause, left, standing.IsProbed, standing.IsRefused, standing.Reason)
            : new Statements().Add(
                """
                UPDATE partner_standing SET version = version + 1, failures = $4, pause = $5, until = now_ms() + $6, probed = $7, refused = $8, reason = $9
                WHERE purpose = $1 AND local = $2 AND partner = $3 AND version = $10
                """,
                key.Purpose, key.Local.Value, key.Partner.Value, standing.Failures, pause, left, standing.IsProbed, standing.IsRefused, standing.Reason, standing.Version);
        var changed = await Database.WriteAsync(change, cancellationToken).ConfigureAwait(false) is [1];
        _listed = null;
        return changed;
    }

    public async ValueTask RemoveAsync(StandingKey key, CancellationToken cancellationToken)
    {
        await Database.WriteAsync(
            new Statements().Add("DELETE FROM partner_standing WHERE purpose = $1 AND local = $2 AND partner = $3", key.Purpose, key.Local.Value, key.Partner.Value),
            cancellationToken).ConfigureAwait(false);
        _listed = null;
    }

    private PostgresDatabase Database => _store.Value.Database;

    private async ValueTask<Listed> ListAsync(CancellationToken cancellationToken)
    {
        // One asks, the others go on with what was known a moment ago.
        var isFirst = Interlocked.Exchange(ref _isAsking, 1) == 0;
        if (!isFirst && _listed is { } known)
            return known;
        try
        {
            var since = Stopwatch.GetTimestamp();
            var rows = await Database.AllAsync(new Statements().Add(Columns), Read, cancellationToken).ConfigureAwait(false);
            return _listed = new Listed(rows.ToDictionary(s => s.Key), since);
        }
        finally
        {
            if (isFirst)
                Volatile.Write(ref _isAsking, 0);
        }
    }

    private static PartnerStanding Read(DbDataReader row) => new(new StandingKey(row.GetString(0), new As2Identifier(row.GetString(1)), new As2Identifier(row.GetString(2))))
    {
        Version = row.GetInt64(3),
        Failures = row.GetInt32(4),
        Pause = TimeSpan.FromMilliseconds(row.GetInt64(5)),
        Left = row.IsDBNull(6) ? null : TimeSpan.FromMilliseconds(row.GetInt64(6)),
        IsProbed = row.GetBoolean(7),
        IsRefused = row.GetBoolean(8),
        Reason = row.GetString(9),
    };

    private sealed record Listed(IReadOnlyDictionary<StandingKey, PartnerStanding> All, long Since)
    {
        public TimeSpan Age => Stopwatch.GetElapsedTime(Since);

        public bool IsYoung => Age < s_age;
    }
}
