using System.Net;
using As2.Ftp.Server.Accounts;

namespace As2.Ftp.Server.Connections;

/// <summary>Counts new connections by address and minute. Thread-safe; what it remembers ends with the minute.</summary>
internal sealed class ConnectionRate(int max, TimeProvider clock)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);
    private long _minute;

    /// <summary>Counts one more; false when it is one too many.</summary>
    public bool Allows(IPAddress address)
    {
        var minute = clock.GetUtcNow().Ticks / TimeSpan.TicksPerMinute;
        lock (_gate)
        {
            if (minute != _minute)
                _counts.Clear();
            _minute = minute;
            var key = SignInGuard.Key(address);
            return (_counts[key] = _counts.GetValueOrDefault(key) + 1) <= max;
        }
    }
}
