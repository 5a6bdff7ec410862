using System.Collections.Concurrent;

namespace As2.Ftp.Server.Connections;

/// <summary>Counts sessions: all of them, by address, by account. Thread-safe.</summary>
internal sealed class SessionLimits
{
    private readonly ConcurrentDictionary<string, int> _counts = new(StringComparer.Ordinal);

    /// <summary>Counts one more under a key; null when there are already so many.</summary>
    public IDisposable? TryEnter(string key, int max)
    {
        if (_counts.AddOrUpdate(key, 1, (_, count) => count + 1) <= max)
            return new Place(this, key);
        Leave(key);
        return null;
    }

    private void Leave(string key)
    {
        var left = _counts.AddOrUpdate(key, 0, (_, count) => count - 1);
        if (left <= 0)
            _counts.TryRemove(KeyValuePair.Create(key, left));
    }

    private sealed class Place(SessionLimits limits, string key) : IDisposable
    {
        private int _left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0)
                limits.Leave(key);
        }
    }
}
