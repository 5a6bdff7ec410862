using As2;

namespace ManagedGateway.Operations;

/// <summary>The listener of console and API, its own and never the AS2 port. Without this section of <c>gateway.json</c> there is none.</summary>
internal sealed class ConsoleSettings
{
    /// <summary>The address. Default: this machine only; another one needs <see cref="Certificate"/>.</summary>
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>The port; 0 takes a free one.</summary>
    public int Port { get; set; } = 4082;

    /// <summary>The certificate with its key, a PEM or PKCS#12 file of the data folder. Default: none, plain HTTP.</summary>
    public string? Certificate { get; set; }

    /// <summary>The host names by which browsers reach it, besides <see cref="Address"/> and localhost; others are refused.</summary>
    public List<string> Hosts { get; set; } = [];

    /// <summary>The names that a request may come to: a page elsewhere cannot reach the console by a name of its own.</summary>
    public IReadOnlyList<string> AllHosts => [.. new[] { "localhost", "127.0.0.1", "[::1]", Address }.Concat(Hosts).Distinct(StringComparer.OrdinalIgnoreCase)];

    /// <exception cref="As2Exception">GW-CONSOLE-001: passwords would go over the network in clear, or the address is none.</exception>
    public void Check()
    {
        if (!System.Net.IPAddress.TryParse(Address, out var address))
            throw new As2Exception("GW-CONSOLE-001", $"Console.Address '{Address}' is no IP address: write one of this machine's, such as 127.0.0.1.");
        if (Certificate is null && !System.Net.IPAddress.IsLoopback(address))
            throw new As2Exception("GW-CONSOLE-001", $"Console.Address {Address} is reached from outside, and passwords would go there in clear: name Console.Certificate, or keep 127.0.0.1 behind a proxy with TLS.");
    }
}
