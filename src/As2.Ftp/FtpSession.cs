using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace As2.Ftp;

/// <summary>A signed-in session: its control connection, the TLS options that its data connections share, and what the server can do.</summary>
internal sealed class FtpSession : IAsyncDisposable
{
    private TlsSessionName? _name;

    private FtpSession(FtpClientOptions options, TimeProvider clock, FtpControl control)
        => (Options, Clock, Control) = (options, clock, control);

    public FtpClientOptions Options { get; }

    public TimeProvider Clock { get; }

    public FtpControl Control { get; }

    /// <summary>Null without TLS. One object for all connections: the framework resumes a session only under equal options.</summary>
    public SslClientAuthenticationOptions? Tls { get; private set; }

    /// <summary>Feature names of the server in upper case (RFC 2389).</summary>
    public HashSet<string> Features { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Connects and signs in: greeting → AUTH TLS → USER → PASS → PBSZ → PROT → FEAT → OPTS UTF8 → TYPE I (RFC 959, RFC 4217).</summary>
    public static async Task<FtpSession> OpenAsync(FtpClientOptions options, TimeProvider clock, CancellationToken cancellationToken)
    {
        var session = new FtpSession(options, clock, await FtpControl.ConnectAsync(options, clock, cancellationToken).ConfigureAwait(false));
        try
        {
            await session.GreetAsync(cancellationToken).ConfigureAwait(false);
            await session.SignInAsync(cancellationToken).ConfigureAwait(false);
            await session.AgreeAsync(cancellationToken).ConfigureAwait(false);
            return session;
        }
        catch
        {
            await session.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>
    /// True when a refused data connection may come from TLS 1.3 tickets, which serve once: the framework keeps the last one only,
    /// and ProFTPD, which demands a resumed session, gives no new one with a resumed data connection. TLS 1.2 sessions serve for ever.
    /// </summary>
    public bool MayRefuseSessionReuse(FtpException refused)
    {
        if (refused.Code is not (425 or 522) || Control.TlsVersion != SslProtocols.Tls13 || !Options.TlsVersions.HasFlag(SslProtocols.Tls12))
            return false;
        Options.FallsBackToTls12 = true;
        return true;
    }

    /// <summary>Sends a command that must succeed.</summary>
    public async Task<FtpReply> DemandAsync(string command, CancellationToken cancellationToken)
    {
        var reply = await Control.SendAsync(command, cancellationToken).ConfigureAwait(false);
        return reply.IsPositive ? reply : throw reply.ToException(command);
    }

    private async Task GreetAsync(CancellationToken cancellationToken)
    {
        if (Options.Security == FtpSecurity.ImplicitTls)
            await SecureAsync(cancellationToken).ConfigureAwait(false);
        var greeting = await Control.ReadReplyAsync("Greeting", cancellationToken).ConfigureAwait(false);
        while (greeting.IsPreliminary)
            greeting = await Control.ReadReplyAsync("Greeting", cancellationToken).ConfigureAwait(false);
        if (!greeting.IsPositive)
            throw greeting.ToException("Greeting");
        if (Options.Security != FtpSecurity.ExplicitTls)
            return;
        var reply = await Control.SendAsync("AUTH TLS", cancellationToken).ConfigureAwait(false);
        if (!reply.IsPositive)
            throw new FtpException(FtpFailure.Trust, $"The server does not offer TLS: {reply.Code} {reply.Text}", reply.Code);
        await SecureAsync(cancellationToken).ConfigureAwait(false);
    }

    private Task SecureAsync(CancellationToken cancellationToken)
    {
        _name = TlsSessionName.Take(Options.Host);
        Tls = new SslClientAuthenticationOptions
        {
            TargetHost = _name.Name,
            EnabledSslProtocols = Options.EffectiveTlsVersions,
            AllowTlsResume = true,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        };
        if (Options.ClientCertificate is { } certificate)
            Tls.ClientCertificateContext = SslStreamCertificateContext.Create(certificate, null, offline: true);
        Options.Trust.Configure(Tls);
        return Control.SecureAsync(Tls, cancellationToken);
    }

    private async Task SignInAsync(CancellationToken cancellationToken)
    {
        var reply = await Control.SendAsync($"USER {Options.User}", cancellationToken).ConfigureAwait(false);
        if (reply.IsIntermediate)
            reply = await Control.SendAsync($"PASS {Options.Password}", cancellationToken).ConfigureAwait(false);
        if (!reply.IsPositive)
            throw new FtpException(reply.Code == 530 ? FtpFailure.SignIn : reply.ToException("").Failure, $"Sign-in of {Options.User}: {reply.Code} {reply.Text}", reply.Code);
    }

    private async Task AgreeAsync(CancellationToken cancellationToken)
    {
        if (Tls is not null)
        {
            await DemandAsync("PBSZ 0", cancellationToken).ConfigureAwait(false);
            await DemandAsync("PROT P", cancellationToken).ConfigureAwait(false);
        }
        var features = await Control.SendAsync("FEAT", cancellationToken).ConfigureAwait(false);
        if (features.IsPositive)
            Features.UnionWith(features.Lines.Skip(1).SkipLast(1).Select(line => line.Trim().Split(' ')[0]));
        if (Features.Contains("UTF8"))
            await Control.SendAsync("OPTS UTF8 ON", cancellationToken).ConfigureAwait(false);
        await DemandAsync("TYPE I", cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await Control.DisposeAsync().ConfigureAwait(false);
        _name?.Dispose();
    }
}
