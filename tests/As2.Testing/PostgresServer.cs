using System.Diagnostics;
using System.Globalization;

namespace As2.Testing;

/// <summary>
/// A PostgreSQL server of its own in a temporary folder: Debian's programs, no service, a free port of the loopback address. It refuses to
/// run as root, so root runs it as nobody. It ends with this process, however that ends.
/// </summary>
public sealed class PostgresServer : IDisposable
{
    private const string Nobody = "65534";

    // The server ends when the pipe from us does.
    private const string Guarded = "\"$@\" & server=$!; trap 'kill -INT $server' TERM; cat >/dev/null; kill -INT $server; wait $server";

    private readonly TempFolder _folder = new();
    private readonly string _bin;
    private Process? _process;

    /// <summary>Makes an empty cluster. Nothing runs yet.</summary>
    public PostgresServer()
    {
        _bin = Requires.PostgresPrograms();
        Port = FreePort.TakeRange(1);
        Run("chown", Nobody, _folder.Path);
        Run([.. AsNobody, Path.Combine(_bin, "initdb"), "-D", Data, "-U", "as2", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-instructions"]);
        File.AppendAllText(Path.Combine(Data, "postgresql.conf"),
            $"""

            listen_addresses = '127.0.0.1'
            port = {Port}
            unix_socket_directories = '{_folder.Path}'
            max_connections = 300
            shared_buffers = 256MB
            checkpoint_timeout = 15min
            max_wal_size = 4GB
            log_min_error_statement = panic
            """);
    }

    /// <summary>The port.</summary>
    public int Port { get; }

    /// <summary>How the database <c>postgres</c> is reached; the user may do everything.</summary>
    public string ConnectionString => $"Host=127.0.0.1;Port={Port};Username=as2;Database=postgres;Timeout=30";

    private string Data => _folder["data"];

    private static bool IsRoot => Environment.UserName == "root";

    private static string[] AsNobody => IsRoot ? ["setpriv", $"--reuid={Nobody}", $"--regid={Nobody}", "--clear-groups"] : ["env"];

    /// <summary>Starts it, and waits until it answers.</summary>
    public PostgresServer Start()
    {
        string[] command = [.. AsNobody, Path.Combine(_bin, "postgres"), "-D", Data];
        var info = new ProcessStartInfo(Requires.Tool("sh"), ["-c", Guarded, "sh", .. command])
        {
            RedirectStandardInput = true, RedirectStandardError = true, WorkingDirectory = _folder.Path,
        };
        _process = Process.Start(info)!;
        // A pipe that nobody empties would stop the server.
        var log = new List<string>();
        _process.ErrorDataReceived += (_, line) => { lock (log) log.Add(line.Data ?? ""); };
        _process.BeginErrorReadLine();
        while (!IsReady())
        {
            if (_process.HasExited)
                throw new InvalidOperationException("PostgreSQL ended at once:\n" + string.Join('\n', log));
        }
        return this;
    }

    /// <summary>Ends every process of the server at once, as a crash does: what was committed is in its log, nothing else.</summary>
    public void Crash()
    {
        Run("kill", "-QUIT", File.ReadLines(Path.Combine(Data, "postmaster.pid")).First());
        _process!.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
        _process = null;
    }

    /// <summary>Stops it, and removes what it held.</summary>
    public void Dispose()
    {
        if (_process is not null)
        {
            _process.StandardInput.Close();
            _process.WaitForExit();
            _process.Dispose();
        }
        _folder.Dispose();
    }

    // It waits a moment for the answer itself.
    private bool IsReady()
    {
        using var asked = Process.Start(new ProcessStartInfo(Path.Combine(_bin, "pg_isready"),
            ["-q", "-h", "127.0.0.1", "-p", Port.ToString(CultureInfo.InvariantCulture), "-t", "1"]))!;
        asked.WaitForExit();
        if (asked.ExitCode != 0)
            Thread.Sleep(50);
        return asked.ExitCode == 0;
    }

    private static void Run(params string[] command)
    {
        using var process = Process.Start(new ProcessStartInfo(Requires.Tool(command[0]), command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var said = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{string.Join(' ', command)}: {error}{said.Result}");
    }
}
