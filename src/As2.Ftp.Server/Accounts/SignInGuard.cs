using System.Net;

namespace As2.Ftp.Server.Accounts;

/// <summary>
/// Counts failed sign-ins and locks out: the pair of user and address soon, the address later, so that a stranger cannot lock out
/// a partner from elsewhere. Thread-safe, bounded.
/// </summary>
internal sealed class SignInGuard(FtpServerLimits limits, TimeProvider clock)
{
    private const int MaxKeys = 20_000;
    private const int AddressFactor = 4;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (int Failures, DateTimeOffset Until)> _failures = new(StringComparer.Ordinal);

    public bool IsLockedOut(string user, IPAddress address)
    {
        lock (_gate)
            return Count(PairKey(user, address)) >= limits.MaxFailedSignIns || Count(Key(address)) >= limits.MaxFailedSignIns * AddressFactor;
    }

    public void Failed(string user, IPAddress address)
    {
        lock (_gate)
        {
            Add(PairKey(user, address));
            Add(Key(address));
        }
    }

    public void Succeeded(string user, IPAddress address)
    {
        lock (_gate)
            _failures.Remove(PairKey(user, address));
    }

    /// <summary>What counts as one address: an IPv4 address, or an IPv6 network of 64 bits.</summary>
    public static string Key(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        var bytes = address.GetAddressBytes();
        return Convert.ToHexString(bytes, 0, Math.Min(bytes.Length, 8));
    }

    private static string PairKey(string user, IPAddress address) => $"{Key(address)} {user}";

    private int Count(string key) => _failures.TryGetValue(key, out var entry) && entry.Until > clock.GetUtcNow() ? entry.Failures : 0;

    private void Add(string key)
    {
        if (_failures.Count >= MaxKeys)
            Forget();
        _failures[key] = (Count(key) + 1, clock.GetUtcNow() + limits.LockOutTime);
    }

    private void Forget()
    {
        var now = clock.GetUtcNow();
        foreach (var key in _failures.Where(entry => entry.Value.Until <= now).Select(entry => entry.Key).ToList())
            _failures.Remove(key);
        if (_failures.Count >= MaxKeys)
            _failures.Remove(_failures.MinBy(entry => entry.Value.Until).Key);
    }
}
