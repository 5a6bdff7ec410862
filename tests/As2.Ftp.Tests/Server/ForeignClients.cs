using As2.Ftp.Tests.RealServers;
using As2.Testing;

namespace As2.Ftp.Tests.Server;

/// <summary>A client that partners use, as a program: each call is a session of its own. False: it says that it did not work.</summary>
internal interface IForeignClient
{
    Task<bool> PutAsync(string file, string path);

    Task<bool> GetAsync(string path, string file, bool resume = false);

    /// <summary>The names of a folder.</summary>
    Task<string[]> ListAsync(string folder);

    Task<bool> RenameAsync(string from, string to);
}

/// <summary>How a client reaches the server.</summary>
internal sealed record Reach(int Port, string Authority, bool IsTls13, TempFolder Folder);

internal sealed class CurlClient(Reach reach) : IForeignClient
{
    public async Task<bool> PutAsync(string file, string path) => (await RunAsync("-T", file, Url(path))).ExitCode == 0;

    public async Task<bool> GetAsync(string path, string file, bool resume = false)
        => (await RunAsync([Url(path), "-o", file, .. resume ? (string[])["-C", "-"] : []])).ExitCode == 0;

    public async Task<string[]> ListAsync(string folder)
        => (await RunAsync("--list-only", Url(folder) + "/")).Succeeded().Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public async Task<bool> RenameAsync(string from, string to)
        => (await RunAsync(Url("/"), "-o", "/dev/null", "-Q", $"RNFR {from}", "-Q", $"RNTO {to}")).ExitCode == 0;

    private string Url(string path) => $"ftp://localhost:{reach.Port}{string.Join('/', path.Split('/').Select(Uri.EscapeDataString))}";

    private Task<CommandResult> RunAsync(params string[] arguments)
    {
        var version = reach.IsTls13 ? "1.3" : "1.2";
        return Command.RunAsync("curl", ["-sS", "--ssl-reqd", "--cacert", reach.Authority, "-u", $"acme:{TestServer.Password}",
            $"--tlsv{version}", "--tls-max", version, "--max-time", "60", .. arguments]);
    }
}

internal sealed class LftpClient(Reach reach) : IForeignClient
{
    public async Task<bool> PutAsync(string file, string path) => (await RunAsync($"put {Quote(file)} -o {Quote(path)}")).ExitCode == 0;

    public async Task<bool> GetAsync(string path, string file, bool resume = false)
        => (await RunAsync($"get {(resume ? "-c " : "")}{Quote(path)} -o {Quote(file)}")).ExitCode == 0;

    public async Task<string[]> ListAsync(string folder)
        => (await RunAsync($"nlist {folder}")).Succeeded().Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public async Task<bool> RenameAsync(string from, string to) => (await RunAsync($"mv {Quote(from)} {Quote(to)}")).ExitCode == 0;

    private static string Quote(string text) => '"' + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + '"';

    private Task<CommandResult> RunAsync(string command)
    {
        var script = reach.Folder.Write($"{Guid.NewGuid():N}.lftp", $"""
            set ftp:ssl-force true
            set ftp:ssl-protect-data true
            set ssl:ca-file {reach.Authority}
            set ssl:priority "NORMAL:-VERS-ALL:+VERS-TLS1.{(reach.IsTls13 ? 3 : 2)}"
            set net:max-retries 1
            set net:reconnect-interval-base 1
            set net:timeout 20
            set cmd:fail-exit true
            set file:charset UTF-8
            set ftp:charset UTF-8
            open -u acme,"{TestServer.Password}" -p {reach.Port} localhost
            {command}
            """);
        return Command.RunAsync("lftp", ["--norc", "-f", script]);
    }
}

internal sealed class FtplibClient(Reach reach) : IForeignClient
{
    private const string Script = """
        import ftplib, os, ssl, sys
        port, ca, tls13, command, *arguments = sys.argv[1:]
        context = ssl.create_default_context(cafile=ca)
        context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_3 if tls13 == "True" else ssl.TLSVersion.TLSv1_2
        ftp = ftplib.FTP_TLS(context=context, encoding="utf-8", timeout=20)
        ftp.connect("localhost", int(port))
        ftp.login("acme", "secret 1")
        ftp.prot_p()
        if command == "put":
            with open(arguments[0], "rb") as file:
                ftp.storbinary("STOR " + arguments[1], file)
        elif command == "get":
            have = os.path.getsize(arguments[1]) if os.path.exists(arguments[1]) else 0
            with open(arguments[1], "ab") as file:
                ftp.retrbinary("RETR " + arguments[0], file.write, rest=have or None)
        elif command == "list":
            sys.stdout.reconfigure(encoding="utf-8")
            print("\n".join(ftp.nlst(arguments[0])))
        elif command == "rename":
            ftp.rename(*arguments)
        ftp.quit()
        """;

    public async Task<bool> PutAsync(string file, string path) => (await RunAsync("put", file, path)).ExitCode == 0;

    public async Task<bool> GetAsync(string path, string file, bool resume = false) => (await RunAsync("get", path, file)).ExitCode == 0;

    public async Task<string[]> ListAsync(string folder)
        => (await RunAsync("list", folder)).Succeeded().Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public async Task<bool> RenameAsync(string from, string to) => (await RunAsync("rename", from, to)).ExitCode == 0;

    private Task<CommandResult> RunAsync(params string[] arguments)
    {
        var script = reach.Folder["client.py"];
        if (!File.Exists(script))
            reach.Folder.Write("client.py", Script);
        return Command.RunAsync("python3", [script, $"{reach.Port}", reach.Authority, $"{reach.IsTls13}", .. arguments]);
    }
}

internal sealed class OwnClient(Reach reach, FtpClientOptions options) : IForeignClient
{
    public Task<bool> PutAsync(string file, string path) => TryAsync(async client =>
    {
        await using var content = File.OpenRead(file);
        await client.UploadAsync(path, content, default);
    });

    public Task<bool> GetAsync(string path, string file, bool resume = false) => TryAsync(async client =>
    {
        await using var target = new FileStream(file, FileMode.Append);
        await client.DownloadAsync(path, target.Length, target, default);
    });

    public async Task<string[]> ListAsync(string folder)
    {
        await using var client = await ConnectAsync();
        return [.. (await client.ListAsync(folder, default)).Select(entry => entry.Name)];
    }

    public Task<bool> RenameAsync(string from, string to) => TryAsync(client => client.RenameAsync(from, to, default).AsTask());

    private Task<FtpClient> ConnectAsync() => FtpClient.ConnectAsync(new FtpClientOptions
    {
        Host = options.Host, Port = reach.Port, User = options.User, Password = options.Password, Trust = options.Trust, TlsVersions = options.TlsVersions,
        CommandTimeout = options.CommandTimeout,
    });

    private async Task<bool> TryAsync(Func<FtpClient, Task> work)
    {
        try
        {
            await using var client = await ConnectAsync();
            await work(client);
            return true;
        }
        catch (FtpException)
        {
            return false;
        }
    }
}
