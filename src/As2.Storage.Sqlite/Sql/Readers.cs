using System.Collections.Concurrent;

namespace As2.Storage.Sqlite;

/// <summary>Connections for reading, kept with their prepared statements. A reader sees one moment of the database and waits for nobody. Thread-safe.</summary>
internal sealed class Readers : IDisposable
{
    private readonly ConcurrentBag<SqlSession> _idle = [];
    private readonly Func<SqlSession> _open;
    private readonly string _path;
    private volatile bool _closed;

    public Readers(Func<SqlSession> open, string path) => (_open, _path) = (open, path);

    /// <summary>Every statement of the query sees the same moment.</summary>
    public T Read<T>(Func<SqlSession, T> query, CancellationToken cancellationToken) => Ask(session =>
    {
        session.Execute("BEGIN");
        var result = query(session);
        session.Execute("COMMIT");
        return result;
    }, cancellationToken);

    /// <summary>A query of one statement, which needs no transaction for that.</summary>
    public T Ask<T>(Func<SqlSession, T> query, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_closed)
            throw new As2Exception(StoreFault.Closed, $"The store '{_path}' is closed: the service is stopping.");
        SqlSession? session = null;
        try
        {
            session = _idle.TryTake(out var idle) ? idle : _open();
            var result = query(session);
            GiveBack(session);
            return result;
        }
        catch (Exception e)
        {
            session?.Dispose();
            throw SqliteFault.Translate(e, _path);
        }
    }

    public void Dispose()
    {
        _closed = true;
        while (_idle.TryTake(out var session))
            session.Dispose();
    }

    private void GiveBack(SqlSession session)
    {
        _idle.Add(session);
        if (_closed)
            Dispose();
    }
}
