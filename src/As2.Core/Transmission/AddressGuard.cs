using System.Net;
using System.Net.Sockets;

namespace As2.Transmission;

/// <summary>A host name led where we do not go.</summary>
/// <param name="message">Names the host and the address, states the fix.</param>
public sealed class AddressRefusedException(string message) : IOException(message);

/// <summary>
/// Connects to the addresses of a host name, and only to those that were looked at: a name that answers differently the second time
/// leads nowhere else. Remote parties choose what their names lead to, so names must not lead into our own network. Thread-safe.
/// </summary>
/// <param name="allowPrivate">Names may lead to addresses of private networks. Literal addresses and <c>localhost</c> always may.</param>
/// <param name="resolve">Looks a name up; <see cref="Dns.GetHostAddressesAsync(string, CancellationToken)"/>, or what stands for it in a test.</param>
public sealed class AddressGuard(bool allowPrivate, Func<string, CancellationToken, Task<IPAddress[]>> resolve)
{
    private static readonly IPNetwork[] s_private = [.. new[]
    {
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.168.0.0/16", "198.18.0.0/15",
        "224.0.0.0/4", "240.0.0.0/4", "::/127", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
    }.Select(n => IPNetwork.Parse(n))];

    // An IPv4 address inside an IPv6 one: translated (RFC 6052), and 6to4 (RFC 3056).
    private static readonly (IPNetwork Network, int Offset)[] s_embedded = [(IPNetwork.Parse("64:ff9b::/96"), 12), (IPNetwork.Parse("2002::/16"), 2), (IPNetwork.Parse("::/96"), 12)];

    /// <summary>Opens a connection, for a <c>ConnectCallback</c>.</summary>
    /// <param name="target">Where to.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="AddressRefusedException">The name leads to private addresses only.</exception>
    public async ValueTask<Stream> ConnectAsync(DnsEndPoint target, CancellationToken cancellationToken)
    {
        var found = IPAddress.TryParse(target.Host, out var literal) ? [literal] : await resolve(target.Host, cancellationToken).ConfigureAwait(false);
        var isMeant = allowPrivate || literal is not null || target.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase);
        var addresses = isMeant ? found : [.. found.Where(IsPublic)];
        if (addresses.Length == 0 && found.Length > 0)
            throw new AddressRefusedException($"'{target.Host}' leads to {found[0]}, an address of a private network: if that is meant, set AllowPrivateAddresses in the partnership");
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, target.Port, cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>False for addresses that mean this machine, its neighbours, or nobody in particular.</summary>
    public static bool IsPublic(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            return IsPublic(address.MapToIPv4());
        if (s_private.Any(n => n.BaseAddress.AddressFamily == address.AddressFamily && n.Contains(address)))
            return false;
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
            return true;
        var inside = s_embedded.FirstOrDefault(e => e.Network.Contains(address));
        return inside.Offset == 0 || IsPublic(new IPAddress(address.GetAddressBytes().AsSpan(inside.Offset, 4)));
    }
}
