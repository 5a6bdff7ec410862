using As2.Ftp.Server.Accounts;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace As2.Ftp.Server.Connections;

/// <summary>What all sessions share.</summary>
internal sealed class FtpServices(IOptions<FtpServerOptions> options, IFtpAccounts accounts, FtpTls tls, TimeProvider clock, ILogger<FtpServices> log)
{
    public FtpServerOptions Options { get; } = options.Value;

    public FtpServerLimits Limits => Options.Limits;

    public IFtpAccounts Accounts { get; } = accounts;

    public FtpTls Tls { get; } = tls;

    public TimeProvider Clock { get; } = clock;

    public ILogger Log { get; } = log;

    public SignInGuard Guard { get; } = new(options.Value.Limits, clock);

    public SessionLimits Sessions { get; } = new();

    public ConnectionRate Rate { get; } = new(options.Value.Limits.MaxConnectionsPerMinute, clock);

    /// <summary>Checking a password is costly on purpose; strangers must not take every core with it.</summary>
    public SemaphoreSlim SignIns { get; } = new(Math.Max(1, Environment.ProcessorCount / 2));
}
