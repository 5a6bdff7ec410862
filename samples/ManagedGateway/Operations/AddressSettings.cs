namespace ManagedGateway.Operations;

/// <summary>How others reach this gateway, behind whatever proxies and names; the section <c>Addresses</c>.</summary>
public sealed class AddressSettings
{
    /// <summary>Where partners send AS2 to, such as <c>https://as2.acme.example/as2</c>. Default: the listener's own address.</summary>
    public string? As2 { get; set; }

    /// <summary>Where browsers find the console, such as <c>https://as2-console.acme.example/</c>. Default: the address by which it was asked.</summary>
    public string? Console { get; set; }
}
