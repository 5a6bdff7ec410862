using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using As2.Certificates;

namespace As2.Benchmarks.Load;

/// <summary>A gateway in a process of its own with a data folder of its own, as a team runs it.</summary>
internal sealed class LoadGateway : IAsyncDisposable
{
    private const int TicksPerSecond = 100;
    private const string Account = "bench";

    // Nodes on one database have one key of their secrets.
    private static readonly string s_key = Convert.ToBase64String(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32));

    private readonly string _folder = Directory.CreateTempSubdirectory("as2-load-").FullName;
    private readonly Process _process;

    private LoadGateway(LoadOptions options, string shared)
    {
        Port = FreePorts();
        Directory.CreateDirectory(Path.Combine(_folder, "keys"));
        Write("keys/ours.pem", CertificateFile.ToPem(Message.Bob) + CertificateFile.ToKeyPem(Message.Bob));
        Write("keys/theirs.cer", CertificateFile.ToPem(Message.Alice));
        Write("gateway.json", Settings(options, Path.Combine(shared, "blobs")));
        options.Prepare?.Invoke(_folder);
        _process = Process.Start(new ProcessStartInfo("dotnet", [options.Gateway, "run", "--data", _folder, "--port", $"{Port}"])
        {
            RedirectStandardOutput = true, Environment = { ["GATEWAY_SECRET_KEY"] = s_key },
        })!;
    }

    /// <summary>Its data folder.</summary>
    public string Folder => _folder;

    /// <summary>Where it takes AS2.</summary>
    public int Port { get; }

    /// <summary>The link that makes the first administrator, where there is a console.</summary>
    public Uri? Link { get; private set; }

    /// <summary>Resident memory in MiB.</summary>
    public double Rss => Status("VmRSS:");

    /// <summary>The highest resident memory so far in MiB.</summary>
    public double PeakRss => Status("VmHWM:");

    /// <summary>Seconds of CPU that it has used.</summary>
    public double Cpu
    {
        get
        {
            var fields = File.ReadAllText($"/proc/{_process.Id}/stat").Split(')')[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return (double.Parse(fields[11], CultureInfo.InvariantCulture) + double.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond;
        }
    }

    /// <summary>Starts it and waits until it listens.</summary>
    /// <param name="options">What was asked for.</param>
    /// <param name="shared">The folder of the first one, where large contents of all are.</param>
    public static async Task<LoadGateway> StartAsync(LoadOptions options, string? shared = null)
    {
        var gateway = new LoadGateway(options, shared ?? "");
        while (await gateway._process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.Contains("/setup?link=", StringComparison.Ordinal))
                gateway.Link = new Uri(line[line.IndexOf("http", StringComparison.Ordinal)..]);
            if (line.Contains("Ctrl+C", StringComparison.Ordinal))
            {
                _ = gateway._process.StandardOutput.BaseStream.CopyToAsync(Stream.Null); // its log goes nowhere, but it goes
                return gateway;
            }
        }
        await gateway.DisposeAsync();
        throw new InvalidOperationException("The gateway ended before it listened.");
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private double Status(string name)
    {
        var line = File.ReadLines($"/proc/{_process.Id}/status").First(l => l.StartsWith(name, StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    }

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder, name), text);

    private static string Settings(LoadOptions options, string blobs) => $$"""
        {{{(options.Postgres is { } database ? $" \"Store\": {{ \"Postgres\": \"{database}\", \"Blobs\": \"{blobs}\" }}," : "")}}{{(options.Console ? " \"Console\": { \"Port\": 0 }," : "")}}
          "As2": {
            "Stations": { "bob": { "Certificate": "keys/ours.pem" } },
            "Partnerships": [ { "Local": "bob", "Partner": "alice", "Certificate": "keys/theirs.cer"{{(options.Deliver ? $", \"Routes\": [ \"mailbox:{Account}\" ]" : "")}} } ]
          },
          "Accounts": [ { "Name": "{{Account}}", "Local": "bob", "Partner": "alice", "PasswordHash": "{{new string('0', 64)}}", "MaxFiles": 100000000 } ]
        }
        """;

    /// <summary>A port for AS2; the next one, for FTPS, was free too a moment ago.</summary>
    private static int FreePorts()
    {
        while (true)
        {
            using var first = Listen(0);
            var port = ((IPEndPoint)first.LocalEndpoint).Port;
            try
            {
                using var second = Listen(port + 1);
                return port;
            }
            catch (SocketException)
            {
                // Taken: the next pair.
            }
        }
    }

    private static TcpListener Listen(int port)
    {
        var listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start();
        return listener;
    }
}
