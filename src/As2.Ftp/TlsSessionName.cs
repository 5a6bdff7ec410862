using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace As2.Ftp;

/// <summary>
/// The host's name as one control connection and its data connections write it. The framework keeps one TLS session for each name,
/// whatever the port, and a server that demands a resumed session takes only that of the same control connection. So connections
/// that live at the same time spell the name differently, with the same meaning: letters change their case (RFC 4343, RFC 6066 §3),
/// parts of an IPv4 address become hexadecimal. The given spelling is left to the rest of the process (HTTPS to the same host), and a
/// spelling just given back is not taken at once.
/// </summary>
internal sealed class TlsSessionName : IDisposable
{
    private const int MaxBits = 10;

    private static readonly Lock s_gate = new();
    private static readonly HashSet<string> s_taken = new(StringComparer.Ordinal);

    private static int s_last;

    private readonly bool _isOurs;

    private TlsSessionName(string name, bool isOurs) => (Name, _isOurs) = (name, isOurs);

    public string Name { get; }

    /// <summary>A spelling that nobody uses. When all are taken, the given one: servers that demand session reuse may then refuse.</summary>
    public static TlsSessionName Take(string host)
    {
        var isIPv4 = IPAddress.TryParse(host, out var address) && address.AddressFamily == AddressFamily.InterNetwork;
        var bits = Math.Min(MaxBits, isIPv4 ? 4 : host.Count(char.IsAsciiLetter));
        lock (s_gate)
        {
            for (var left = (1 << bits) - 1; left > 0; left--)
            {
                var variant = 1 + (s_last = (s_last + 1) & int.MaxValue) % ((1 << bits) - 1);
                var name = isIPv4 ? SpellAddress(address!, variant) : SpellName(host, variant);
                if (s_taken.Add(name))
                    return new TlsSessionName(name, true);
            }
        }
        return new TlsSessionName(host, false);
    }

    public void Dispose()
    {
        lock (s_gate)
        {
            if (_isOurs)
                s_taken.Remove(Name);
        }
    }

    private static string SpellName(string host, int variant)
    {
        var letter = 0;
        return string.Concat(host.Select(c => char.IsAsciiLetter(c) && (variant >> letter++ & 1) == 1 ? (char)(c ^ 0x20) : c));
    }

    private static string SpellAddress(IPAddress address, int variant)
        => string.Join('.', address.GetAddressBytes().Select((part, i) => (variant >> i & 1) == 0
            ? part.ToString(CultureInfo.InvariantCulture)
            : "0x" + part.ToString("x", CultureInfo.InvariantCulture)));
}
