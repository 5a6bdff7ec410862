using System.Net;
using System.Net.Sockets;
using As2.Transmission;

namespace ManagedGateway.Configuration.Changes;

/// <summary>
/// Addresses that somebody typed into console or API, which the gateway would then call. A literal one says here what it means; where a
/// name leads is looked at when the connection is made (<see cref="AddressGuard"/>).
/// </summary>
internal static class TypedAddress
{
    /// <summary>Why it is not gone to; null: it is.</summary>
    /// <param name="address">The address.</param>
    /// <param name="allowPrivate">Private networks are meant.</param>
    /// <param name="consolePort">The console's own port, or null.</param>
    public static string? Refusal(Uri address, bool allowPrivate, int? consolePort)
    {
        if (Literal(address.IdnHost) is not { } literal)
            return null;
        if (IsNeverMeant(literal))
            return $"{address.Host} is an address of the machine's own network services: no partner is there.";
        if (IPAddress.IsLoopback(literal) && consolePort == address.Port)
            return $"{address.Authority} is this gateway's console: no partner is there.";
        return allowPrivate || AddressGuard.IsPublic(literal) ? null : $"{address.Host} is an address of a private network: if that is meant, set AllowPrivateAddresses.";
    }

    private static IPAddress? Literal(string host)
    {
        if (host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase))
            return IPAddress.Loopback;
        if (!IPAddress.TryParse(host.Trim('[', ']'), out var literal))
            return null;
        return literal.IsIPv4MappedToIPv6 ? literal.MapToIPv4() : literal;
    }

    // Link-local, where clouds have their metadata services; and nobody in particular.
    private static bool IsNeverMeant(IPAddress address) => address.AddressFamily == AddressFamily.InterNetwork
        ? address.GetAddressBytes() is [169, 254, ..] or [0, ..] or [>= 224, ..]
        : address.IsIPv6LinkLocal || address.IsIPv6Multicast || address.Equals(IPAddress.IPv6Any);
}
