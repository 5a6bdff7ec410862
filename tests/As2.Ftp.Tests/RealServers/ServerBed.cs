using System.Diagnostics;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using As2.Ftp.Sftp;
using As2.Testing;

namespace As2.Ftp.Tests.RealServers;

/// <summary>The daemons of eng/ftp-servers.sh, for the fixtures of this namespace. At a desk without root or Debian they are skipped; in CI they must run.</summary>
[SetUpFixture]
public sealed class ServerBed
{
    private const int Ports = 12;
    private const string Prefix = "as2-ftp-bed-";

    private static readonly Dictionary<string, int> s_ports = [];
    private static string s_folder = "";

    public static string Password => Read("password");

    public static bool IsSftp(string server) => server is "openssh" or "proftpd-sftp";

    /// <summary>A signed-in connection, whatever the server speaks.</summary>
    /// <param name="server">The server.</param>
    /// <param name="port">Another way to it; default: its own port.</param>
    /// <param name="patience">Default: 20 s.</param>
    /// <param name="newestTls">No TLS 1.2 where the server needs none.</param>
    public static async Task<IMailboxClient> ConnectAsync(string server, int port = 0, TimeSpan? patience = null, bool newestTls = false) => IsSftp(server)
        ? await SftpMailbox.ConnectAsync(SftpOptionsFor(server, port, patience: patience))
        : await FtpClient.ConnectAsync(OptionsFor(server, port, patience, newestTls: newestTls && server.StartsWith("vsftpd", StringComparison.Ordinal)));

    public static FtpClientOptions OptionsFor(string server, int port = 0, TimeSpan? patience = null, FtpProxy? proxy = null, bool newestTls = false) => new()
    {
        Host = "localhost",
        Port = port == 0 ? s_ports[server] : port,
        User = "as2ftp",
        Password = Password,
        TlsVersions = newestTls ? SslProtocols.Tls13 : SslProtocols.Tls12 | SslProtocols.Tls13,
        Trust = FtpTrust.Authorities(X509CertificateLoader.LoadCertificateFromFile(Path.Combine(s_folder, "ca.pem"))),
        CommandTimeout = patience ?? TimeSpan.FromSeconds(20),
        Proxy = proxy,
    };

    public static SftpOptions SftpOptionsFor(string server, int port = 0, bool withKey = false, TimeSpan? patience = null, FtpProxy? proxy = null) => new()
    {
        Host = "localhost",
        Port = port == 0 ? s_ports[server] : port,
        User = "as2ftp",
        Password = withKey ? null : Password,
        PrivateKey = withKey ? Read("user.key") : null,
        HostKeys = [HostKey],
        CommandTimeout = patience ?? TimeSpan.FromSeconds(20),
        Proxy = proxy,
    };

    public static int PortOf(string name) => s_ports[name];

    public static FtpProxy Proxy(FtpProxyKind kind)
        => new(kind, "127.0.0.1", s_ports[kind == FtpProxyKind.Socks5 ? "socks-proxy" : "http-proxy"], "as2proxy", Password);

    public static string HomeOf(string server) => Path.Combine(s_folder, "home", server);

    /// <summary>The home as a client sees it: OpenSSH is not in a chroot.</summary>
    public static string RootOf(string server) => server == "openssh" ? HomeOf(server) : "";

    private static string HostKey
        => "SHA256:" + Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData(Convert.FromBase64String(Read("host.key.pub").Split(' ')[1]))).TrimEnd('=');

    private static string Read(string name) => File.ReadAllText(Path.Combine(s_folder, name)).Trim() + (name.EndsWith(".key", StringComparison.Ordinal) ? "\n" : "");

    [OneTimeSetUp]
    public void Start()
    {
        if (!Requires.IsCi && (!Environment.IsPrivilegedProcess || !File.Exists("/usr/bin/apt-get")))
            Assert.Ignore("The real servers need root on Debian (eng/ftp-servers.sh).");
        SweepBedsOfKilledRuns();
        s_folder = Directory.CreateTempSubdirectory(Prefix).FullName;
        File.WriteAllText(Path.Combine(s_folder, "owner"), $"{Environment.ProcessId}");
        var (exit, output, error) = Run("start", s_folder, FreePort.TakeRange(Ports).ToString());
        Assert.That(exit, Is.Zero, error);
        foreach (var line in output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            s_ports[line.Split(' ')[0]] = int.Parse(line.Split(' ')[1]);
    }

    [OneTimeTearDown]
    public void Stop()
    {
        if (s_folder.Length > 0)
            Run("stop", s_folder);
    }

    private static void SweepBedsOfKilledRuns()
    {
        foreach (var folder in Directory.GetDirectories(Path.GetTempPath(), Prefix + "*"))
        {
            var owner = Path.Combine(folder, "owner");
            if (File.Exists(owner) && int.TryParse(File.ReadAllText(owner), out var id) && !Directory.Exists($"/proc/{id}"))
                Run("stop", folder);
        }
    }

    private static (int Exit, string Output, string Error) Run(params string[] arguments)
    {
        // The daemons inherit the script's output; through files the script's end is the end.
        var output = Path.GetTempFileName();
        var script = Repository.PathOf("eng", "ftp-servers.sh");
        var start = new ProcessStartInfo("bash") { ArgumentList = { "-c", "exec \"$@\" > \"$0\" 2>&1", output, script } };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        process.WaitForExit();
        var text = File.ReadAllText(output);
        File.Delete(output);
        return (process.ExitCode, text, text);
    }
}
