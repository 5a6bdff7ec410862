using System.Diagnostics;
using System.Security.Cryptography.X509Certificates;
using As2.Testing;

namespace As2.Ftp.Tests.RealServers;

/// <summary>The daemons of eng/ftp-servers.sh, for the fixtures of this namespace. At a desk without root or Debian they are skipped; in CI they must run.</summary>
[SetUpFixture]
public sealed class ServerBed
{
    private static readonly Dictionary<string, int> s_ports = [];
    private static string s_folder = "";

    public static FtpClientOptions OptionsFor(string server) => new()
    {
        Host = "localhost",
        Port = s_ports[server],
        User = "as2ftp",
        Password = File.ReadAllText(Path.Combine(s_folder, "password")).Trim(),
        Trust = FtpTrust.Authorities(X509CertificateLoader.LoadCertificateFromFile(Path.Combine(s_folder, "ca.pem"))),
        CommandTimeout = TimeSpan.FromSeconds(20),
    };

    public static string HomeOf(string server) => Path.Combine(s_folder, "home", server);

    [OneTimeSetUp]
    public void Start()
    {
        if (!Requires.IsCi && (!Environment.IsPrivilegedProcess || !File.Exists("/usr/bin/apt-get")))
            Assert.Ignore("The real servers need root on Debian (eng/ftp-servers.sh).");
        s_folder = Directory.CreateTempSubdirectory("as2-ftp-bed-").FullName;
        var (exit, output, error) = Run("start", s_folder, FreePort.TakeRange(5).ToString());
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
