using System.Collections.Concurrent;

namespace As2.Storage.Sqlite;

/// <summary>
/// The only thread that writes. It takes what has gathered while the last commit was flushed, up to <see cref="MaxGroup"/> changes,
/// into one transaction; each caller continues after the commit that holds its change.
/// </summary>
internal sealed class SqliteWriter : IDisposable
{
    /// <summary>The most changes of one transaction.</summary>
    public const int MaxGroup = 64;

    private const int MaxQueue = 4096;

    private readonly BlockingCollection<WriteCommand> _queue = new(MaxQueue);
    private readonly SqlSession _session;
    private readonly Thread _thread;
    private readonly HealthWatch _health;
    private readonly string _path;

    public SqliteWriter(SqlSession session, string path, HealthWatch health)
    {
        (_session, _path, _health) = (session, path, health);
        _thread = new Thread(WriteAll) { Name = "As2 store writer", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Queues a change. The task ends when it is durable, or failed without a trace.</summary>
    public Task<T> WriteAsync<T>(WriteCommand<T> command)
    {
        try
        {
            _queue.Add(command);
        }
        catch (InvalidOperationException)
        {
            command.Fail(new As2Exception(StoreFault.Closed, $"The store '{_path}' is closed: the service is stopping."));
        }
        return command.Done;
    }

    /// <summary>Finishes what is queued and closes the connection.</summary>
    public void Dispose()
    {
        _queue.CompleteAdding();
        _thread.Join();
        _session.Dispose();
    }

    private void WriteAll()
    {
        var group = new List<WriteCommand>(MaxGroup);
        foreach (var first in _queue.GetConsumingEnumerable())
        {
            group.Clear();
            group.Add(first);
            while (group.Count < MaxGroup && _queue.TryTake(out var next))
                group.Add(next);
            group.RemoveAll(c => c.IsAbandoned());
            if (group.Count > 0)
                Commit(group);
        }
    }

    // A group that fails is run again one by one: the change at fault fails alone.
    private void Commit(List<WriteCommand> group)
    {
        try
        {
            RunTogether(group);
        }
        catch (Exception e)
        {
            _session.Rollback();
            if (group.Count > 1)
                group.ForEach(command => Commit([command]));
            else
                Fail(group[0], SqliteFault.Translate(e, _path));
            return;
        }
        _health.Succeeded();
        group.ForEach(command => command.Succeed());
    }

    private void Fail(WriteCommand command, Exception fault)
    {
        _health.Failed(fault);
        command.Fail(fault);
    }

    private void RunTogether(List<WriteCommand> group)
    {
        _session.Execute("BEGIN IMMEDIATE");
        foreach (var command in group)
            command.Run(_session);
        group.ForEach(command => CrashPoint.HitIfNamed(command.BeforeCommit));
        _session.Execute("COMMIT");
        group.ForEach(command => CrashPoint.HitIfNamed(command.AfterCommit));
    }
}
