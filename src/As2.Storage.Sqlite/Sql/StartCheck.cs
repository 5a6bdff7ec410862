using Microsoft.Data.Sqlite;

namespace As2.Storage.Sqlite;

/// <summary>
/// The check of the whole database at start, some seconds for each gigabyte. The start waits for it a moment; the rest goes on beside
/// the work, and what it finds then ends the taking of new work.
/// </summary>
internal sealed class StartCheck : IDisposable
{
    private const int Corrupt = 11, NotADatabase = 26;

    private readonly SqlSession _session;
    private readonly Task<string?> _check;

    /// <param name="session">A connection of its own for reading; closed at the end.</param>
    /// <param name="tell">Is told what was found, whenever that is.</param>
    public StartCheck(SqlSession session, Action<string> tell)
    {
        _session = session;
        _check = Task.Factory.StartNew(() => Run(tell), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Waits a moment.</summary>
    /// <returns>What was found until then; null: nothing, or it is not done yet.</returns>
    public string? Wait(TimeSpan moment) => _check.Wait(moment) ? _check.Result : null;

    public void Dispose()
    {
        if (!_check.IsCompleted)
            _session.Interrupt();
        _check.Wait();
        _session.Dispose();
    }

    private string? Run(Action<string> tell)
    {
        var found = Look();
        if (found is not null)
            tell(found);
        return found;
    }

    private string? Look()
    {
        try
        {
            var findings = _session.All("PRAGMA quick_check(5)", row => row.GetString(0));
            return findings is ["ok"] ? null : string.Join(" ", findings);
        }
        catch (SqliteException e)
        {
            // Interrupted, or a disk in trouble: whoever works with it will say so.
            return e.SqliteErrorCode is Corrupt or NotADatabase ? e.Message : null;
        }
    }
}
