using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using As2.Transmission;

namespace ManagedGateway.Operations.Tests;

/// <summary>What a server showed when TLS began.</summary>
/// <param name="Refusal">Why it is not trusted; null: it is.</param>
/// <param name="Protocol">The version of TLS.</param>
/// <param name="Certificates">Its certificate and those it sent along, nearest first.</param>
internal sealed record TlsSeen(string? Refusal, string Protocol, IReadOnlyList<(string Subject, string Issuer, DateTimeOffset NotAfter)> Certificates)
{
    /// <summary>Until when the server's own certificate is good; null: it showed none.</summary>
    public DateTimeOffset? Ends => Certificates.Count == 0 ? null : Certificates[0].NotAfter;
}

/// <summary>Begins TLS with a partner's server as a message would, and ends it again.</summary>
internal static class TlsLook
{
    /// <summary>Looks.</summary>
    /// <exception cref="IOException">There is no connection.</exception>
    public static async Task<TlsSeen> AtAsync(Uri address, HttpConnection connection, Stream wire, CancellationToken cancellationToken)
    {
        var (options, seen) = (connection.ToTls(), new List<(string, string, DateTimeOffset)>());
        string? refusal = null;
        var judge = options.RemoteCertificateValidationCallback;
        options.TargetHost = address.IdnHost;
        options.RemoteCertificateValidationCallback = (sender, certificate, chain, errors) =>
        {
            foreach (var element in chain?.ChainElements.Select(e => e.Certificate) ?? [])
                seen.Add((element.Subject, element.Issuer, element.NotAfter.ToUniversalTime()));
            var trusted = judge?.Invoke(sender, certificate, chain, errors) ?? errors == SslPolicyErrors.None;
            refusal = trusted ? null : Words(errors, chain, isPinned: judge is not null);
            return trusted;
        };
        await using var tls = new SslStream(wire, leaveInnerStreamOpen: true);
        try
        {
            await tls.AuthenticateAsClientAsync(options, cancellationToken);
            return new TlsSeen(null, tls.SslProtocol.ToString(), seen);
        }
        catch (AuthenticationException e)
        {
            return new TlsSeen(refusal ?? e.Message, "", seen);
        }
    }

    private static string Words(SslPolicyErrors errors, X509Chain? chain, bool isPinned)
    {
        if (isPinned)
            return "this is none of the certificates that were agreed for the server (tls-server): ask the partner whether it changed, and add the new one";
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
            return "the certificate is for another host name: look at the address, or agree on this certificate (tls-server)";
        var status = string.Join(", ", chain?.ChainStatus.Select(s => s.StatusInformation.Trim().TrimEnd('.')).Distinct() ?? []);
        return $"the operating system does not trust it ({status}): agree on the certificate or its issuer (tls-server)";
    }
}
