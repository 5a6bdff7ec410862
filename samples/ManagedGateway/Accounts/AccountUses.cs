using System.Data.Common;
using As2;
using As2.Ftp.Server.Mailbox;
using ManagedGateway.Operations.Store;

namespace ManagedGateway.Accounts;

/// <summary>When an account was used last.</summary>
internal sealed record AccountUse(DateTimeOffset? SignedIn, DateTimeOffset? PickedUp);

/// <summary>
/// When accounts signed in and took a file last. A session only notes it in memory; it is written every half a minute, of each account one
/// line: what a partner's poller costs does not grow with its commands. A crash loses the last half minute of it. Thread-safe.
/// </summary>
internal sealed partial class AccountUses(OperationsDatabase database, TimeProvider clock, ILogger<AccountUses> log) : BackgroundService
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private Dictionary<string, AccountUse> _noted = new(StringComparer.Ordinal);

    /// <summary>Notes a use now.</summary>
    public void Note(string account, FtpUse use)
    {
        var now = clock.GetUtcNow();
        lock (_gate)
        {
            var noted = _noted.GetValueOrDefault(account) ?? new AccountUse(null, null);
            _noted[account] = use == FtpUse.SignIn ? noted with { SignedIn = now } : noted with { PickedUp = now };
        }
    }

    /// <summary>Of every account that was ever used.</summary>
    public IReadOnlyDictionary<string, AccountUse> Read()
    {
        Write();
        return database.Read(session => session.All(
            "SELECT account, signed_in, picked_up FROM account_use", row => (row.GetString(0), new AccountUse(Moment(row.GetInt64(1)), Moment(row.GetInt64(2))))))
            .ToDictionary(StringComparer.Ordinal);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        TryWrite();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_interval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                TryWrite();
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The rest is written when it stops.
        }
    }

    private void TryWrite()
    {
        try
        {
            Write();
        }
        catch (Exception e) when (e is As2Exception or IOException or DbException)
        {
            LogFailed(e.Message);
        }
    }

    private void Write()
    {
        Dictionary<string, AccountUse> noted;
        lock (_gate)
            (noted, _noted) = (_noted, new(StringComparer.Ordinal));
        if (noted.Count == 0)
            return;
        try
        {
            database.Change(session => noted.Sum(use => Write(session, use.Key, use.Value)));
        }
        catch
        {
            // Not written: newer notes go before these.
            lock (_gate)
            {
                foreach (var (account, use) in noted)
                    _noted[account] = _noted.GetValueOrDefault(account) is { } newer ? new(newer.SignedIn ?? use.SignedIn, newer.PickedUp ?? use.PickedUp) : use;
            }
            throw;
        }
    }

    // Another node may have written a later moment.
    private static int Write(OperationsSession session, string account, AccountUse use) => session.Execute(
        """
        INSERT INTO account_use (account, signed_in, picked_up) VALUES (@account, @signedIn, @pickedUp) ON CONFLICT (account) DO UPDATE SET
            signed_in = CASE WHEN excluded.signed_in > account_use.signed_in THEN excluded.signed_in ELSE account_use.signed_in END,
            picked_up = CASE WHEN excluded.picked_up > account_use.picked_up THEN excluded.picked_up ELSE account_use.picked_up END
        """,
        ("@account", account), ("@signedIn", use.SignedIn?.ToUnixTimeMilliseconds() ?? 0), ("@pickedUp", use.PickedUp?.ToUnixTimeMilliseconds() ?? 0));

    [LoggerMessage(4230, LogLevel.Error, "When accounts were used last could not be written down: {Reason}")]
    private partial void LogFailed(string reason);

    private static DateTimeOffset? Moment(long milliseconds) => milliseconds == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
}
