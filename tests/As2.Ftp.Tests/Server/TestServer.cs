using System.Net;
using System.Security.Authentication;
using System.Security.Cryptography;
using As2.Ftp.Server;
using As2.Ftp.Server.Accounts;
using As2.Ftp.Server.Mailbox;
using As2.Routes;
using As2.Storage;
using As2.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace As2.Ftp.Tests.Server;

/// <summary>A whole server on free ports of 127.0.0.1, with two accounts: acme and other, password "secret 1".</summary>
public sealed class TestServer : IAsyncDisposable
{
    public const string Password = "secret 1";

    // Fewer rounds than a real hash has: the time for a sign-in is tested where passwords are.
    private static readonly string s_hash = QuickHash();

    private readonly WebApplication _app;

    private TestServer(WebApplication app, InMemoryStore store, FakeSubmitter submitter)
    {
        (_app, Store, Submitter) = (app, store, submitter);
        var ports = app.Urls.Select(url => new Uri(url).Port).ToArray();
        (Port, ImplicitPort) = (ports[0], ports[1]);
    }

    public InMemoryStore Store { get; }

    public FakeSubmitter Submitter { get; }

    public int Port { get; }

    public int ImplicitPort { get; }

    public CapturedLog Log { get; private init; } = null!;

    /// <summary>Where the octets are.</summary>
    public SmallDisk Disk { get; private init; } = null!;

    public static async Task<TestServer> StartAsync(Action<FtpServerOptions>? configure = null, Func<FtpUser, FtpUser>? adapt = null)
    {
        var adapted = adapt ?? (user => user);
        var store = new InMemoryStore();
        var (submitter, disk) = (new FakeSubmitter(store), new SmallDisk(store));
        var log = new CapturedLog();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddProvider(log).SetMinimumLevel(LogLevel.Debug);
        builder.Services.AddFtpServer(options =>
        {
            options.Certificate = () => TestKeys.Rsa("ftp server").Certificate;
            options.Limits.SignInDelay = TimeSpan.FromMilliseconds(1);
            configure?.Invoke(options);
        });
        builder.Services.AddSingleton<IFtpAccounts>(new MailboxAccounts(
            (user, _) => new(user is "acme" or "other" ? adapted(new FtpUser(user, s_hash)) : null), store, new StorageServices(store, store, disk), submitter,
            TimeProvider.System));
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0, listener => listener.UseFtp());
            kestrel.Listen(IPAddress.Loopback, 0, listener => listener.UseFtp(FtpTlsMode.Implicit));
        });
        var app = builder.Build();
        await app.StartAsync();
        return new TestServer(app, store, submitter) { Log = log, Disk = disk };
    }

    public FtpClientOptions Options(string user = "acme", SslProtocols tls = SslProtocols.Tls12 | SslProtocols.Tls13, FtpSecurity security = FtpSecurity.ExplicitTls) => new()
    {
        Host = "localhost",
        Port = security == FtpSecurity.ImplicitTls ? ImplicitPort : Port,
        User = user,
        Password = Password,
        Security = security,
        TlsVersions = tls,
        Trust = FtpTrust.Pinned(TestKeys.Rsa("ftp server").Thumbprint),
        CommandTimeout = TimeSpan.FromSeconds(20),
    };

    public Task<FtpClient> ConnectAsync(string user = "acme") => FtpClient.ConnectAsync(Options(user));

    public async Task<MailboxFile> AddFileAsync(string folder, string name, byte[] content, string account = "acme")
    {
        await using var writer = Store.Create(content.Length);
        writer.Push(content);
        var file = new MailboxFile(account, folder, name, await writer.CommitAsync(default), new DateTimeOffset(2026, 2, 3, 4, 5, 6, TimeSpan.Zero), null);
        await Store.AddAsync(file, default);
        return file;
    }

    private static string QuickHash()
    {
        var salt = RandomNumberGenerator.GetBytes(16);
        var hash = Rfc2898DeriveBytes.Pbkdf2(System.Text.Encoding.UTF8.GetBytes(Password), salt, 1000, HashAlgorithmName.SHA512, 32);
        return $"pbkdf2-sha512$1000${Convert.ToBase64String(salt)}${Convert.ToBase64String(hash)}";
    }

    /// <summary>The octets that were submitted under a name.</summary>
    public async Task<byte[]> SubmittedAsync(string name)
    {
        var file = Submitter.Submitted.Single(each => each.Name == name);
        await using var stream = await Store.OpenReadAsync(file.Content, default);
        var content = new MemoryStream();
        await stream.CopyToAsync(content);
        return content.ToArray();
    }

    /// <summary>Stops as a host does; sessions are told.</summary>
    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
        await Store.DisposeAsync();
    }
}
