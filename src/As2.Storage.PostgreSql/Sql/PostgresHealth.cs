namespace As2.Storage.PostgreSql;

/// <summary>Remembers the last failure of the database. Thread-safe.</summary>
internal sealed class PostgresHealth
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(5);

    private readonly TimeProvider _time;
    private volatile Failure? _failure;

    public PostgresHealth(TimeProvider time) => _time = time;

    // After the pause calls pass as probes: one that succeeds clears the failure.
    public StoreHealth Check() => _failure is { } failure && _time.GetElapsedTime(failure.At) < s_pause ? new StoreHealth(failure.Reason, s_pause) : default;

    public void Succeeded() => _failure = null;

    public void Failed(Exception fault)
    {
        if (fault is As2Exception)
            _failure = new Failure(_time.GetTimestamp(), fault.Message);
    }

    private sealed record Failure(long At, string Reason);
}
