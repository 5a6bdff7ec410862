using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using As2;
using Microsoft.AspNetCore.HttpOverrides;

namespace ManagedGateway.Listening;

/// <summary>What proxies in front of the gateway say about their callers, and that nobody else says it.</summary>
internal static class TrustedProxies
{
    /// <summary>Before everything else in the pipeline.</summary>
    /// <exception cref="As2Exception">GW-LISTEN-002: an entry is neither an address nor a network.</exception>
    public static void UseTrustedProxies(this WebApplication app, ListenerSettings settings)
    {
        if (settings.TrustedProxies.Count == 0)
            return;
        var networks = settings.TrustedProxies.ConvertAll(Read);
        if (settings.ProxyCertificateHeader is { } field)
            app.Use((context, next) => TakeCertificate(context, field, networks) ? next(context) : Refuse(context));
        app.UseForwarded(ForwardedHeaders.XForwardedFor, networks);
    }

    /// <summary>The same for console and API, where browsers compare the scheme that they see: a proxy may end TLS.</summary>
    /// <exception cref="As2Exception">GW-LISTEN-002: an entry is neither an address nor a network.</exception>
    public static void UseTrustedProxiesOfConsole(this WebApplication app, ListenerSettings settings)
    {
        if (settings.TrustedProxies.Count > 0)
            app.UseForwarded(ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto, settings.TrustedProxies.ConvertAll(Read));
    }

    private static void UseForwarded(this WebApplication app, ForwardedHeaders fields, List<System.Net.IPNetwork> networks)
    {
        var options = new ForwardedHeadersOptions { ForwardedHeaders = fields, ForwardLimit = 1 };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var network in networks)
            options.KnownIPNetworks.Add(network);
        app.UseForwardedHeaders(options);
    }

    private static bool TakeCertificate(HttpContext context, string field, List<System.Net.IPNetwork> networks)
    {
        var said = context.Request.Headers[field].ToString();
        context.Request.Headers.Remove(field);
        var address = context.Connection.RemoteIpAddress;
        if (said.Length == 0 || address is null || !networks.Any(n => n.Contains(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address)))
            return true;
        try
        {
            context.Connection.ClientCertificate = X509Certificate2.CreateFromPem(WebUtility.UrlDecode(said.Replace("+", "%2B", StringComparison.Ordinal)));
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private static Task Refuse(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status400BadRequest;
        return Task.CompletedTask;
    }

    private static System.Net.IPNetwork Read(string text)
        => IPAddress.TryParse(text, out var one) ? new System.Net.IPNetwork(one, one.GetAddressBytes().Length * 8)
            : System.Net.IPNetwork.TryParse(text, out var network) ? network
            : throw new As2Exception("GW-LISTEN-002", $"Listen.TrustedProxies: '{text}' is neither an address nor a network such as 10.0.0.0/8.");
}
