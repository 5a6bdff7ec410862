using System.Globalization;
using Npgsql;

namespace As2.Storage.PostgreSql;

/// <summary>
/// Tells the other nodes that a job is due, and hears it from them: a hint on a channel, lost without harm, because every node also looks
/// by itself. A node says the same at most once in a moment, and never in a message's transaction, where NOTIFY would make commits queue.
/// Thread-safe.
/// </summary>
internal sealed class JobHints : IAsyncDisposable
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_pauseAfterFault = TimeSpan.FromSeconds(1);

    private readonly PostgresDatabase _database;
    private readonly JobSignal _signal;
    private readonly string _channel;
    private readonly string _node = Guid.NewGuid().ToString("N");
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _wanted = new(0, 1);
    private readonly Task _running;
    private int _kinds;

    public JobHints(PostgresDatabase database, string schema, JobSignal signal)
    {
        (_database, _signal, _channel) = (database, signal, schema + "_job");
        _running = Task.WhenAll(Task.Run(() => KeepAsync(ListenAsync)), Task.Run(() => KeepAsync(TellAsync)));
    }

    /// <summary>A job of this kind is due now: wakes a worker here, and soon one elsewhere.</summary>
    public void Pulse(JobKind kind)
    {
        _signal.Pulse(kind);
        if ((Interlocked.Or(ref _kinds, 1 << (int)kind) & (1 << (int)kind)) == 0)
            Wake();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        _stop.Dispose();
        _wanted.Dispose();
    }

    private async Task KeepAsync(Func<CancellationToken, Task> work)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await work(_stop.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is NpgsqlException or As2Exception or TimeoutException or IOException or OperationCanceledException)
            {
                // A hint is lost; the workers look by themselves, and whoever works with the database reports its trouble.
                await Task.Delay(s_pauseAfterFault, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        await using var connection = await _database.ConnectAsync(cancellationToken).ConfigureAwait(false);
        connection.Notification += (_, told) => Hear(told.Payload);
        await using (var listen = connection.CreateCommand())
        {
#pragma warning disable CA2100 // A schema's name that was checked; LISTEN takes no parameter.
            listen.CommandText = $"LISTEN {_channel}";
#pragma warning restore CA2100
            await listen.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }
        while (true)
            await connection.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    private void Hear(string told)
    {
        if (told.Split(' ') is [var kinds, var node] && node != _node && int.TryParse(kinds, NumberStyles.None, CultureInfo.InvariantCulture, out var bits))
        {
            foreach (var kind in Enum.GetValues<JobKind>().Where(kind => (bits & (1 << (int)kind)) != 0))
                _signal.Pulse(kind);
        }
    }

    private async Task TellAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await _wanted.WaitAsync(cancellationToken).ConfigureAwait(false);
            var kinds = Interlocked.Exchange(ref _kinds, 0);
            // Nothing hangs on it: its commit need not wait for the disk.
            var tell = new Statements().Add(
                "SELECT set_config('synchronous_commit', 'off', true), pg_notify($1, $2)", _channel, string.Create(CultureInfo.InvariantCulture, $"{kinds} {_node}"));
            await _database.WriteAsync(tell, cancellationToken).ConfigureAwait(false);
            await Task.Delay(s_pause, cancellationToken).ConfigureAwait(false);
        }
    }

    private void Wake()
    {
        try
        {
            _wanted.Release();
        }
        catch (SemaphoreFullException)
        {
            // It is awake already.
        }
    }
}
