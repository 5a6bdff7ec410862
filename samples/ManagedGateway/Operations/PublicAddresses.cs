using System.Net;
using ManagedGateway.Configuration;
using Microsoft.AspNetCore.Components;

namespace ManagedGateway.Operations;

/// <summary>The addresses that links and pages for partners name: as they are set, never as a request says. Thread-safe.</summary>
internal sealed class PublicAddresses(LiveSettings live, GatewaySettings settings)
{
    /// <summary>Where partners send AS2 to.</summary>
    public string As2 => live.Current.Settings.Addresses.As2 ?? Listener;

    /// <summary>The AS2 listener's own address.</summary>
    public string Listener
    {
        get
        {
            var listen = settings.Listen;
            // Every address of this machine: partners need one of them, by its name.
            var host = IPAddress.TryParse(listen.Address, out var address) && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any)) ? Dns.GetHostName() : listen.Address;
            return new UriBuilder(listen.As2Certificate is null ? "http" : "https", host, listen.As2Port, "/as2").Uri.ToString();
        }
    }

    /// <summary>A page of the console as others open it. Without a set address it is the one by which this console was opened, which is one of <c>Console.Hosts</c>.</summary>
    public string Console(NavigationManager navigation, string path)
        => new Uri(new Uri(live.Current.Settings.Addresses.Console ?? navigation.BaseUri), path).ToString();
}
