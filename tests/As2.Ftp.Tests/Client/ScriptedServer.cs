using System.Net;
using System.Net.Sockets;
using System.Text;

namespace As2.Ftp.Tests.Client;

/// <summary>
/// A plain FTP server that says what a test wants: a map from a command, or from its verb, to the lines of the answer. "" closes
/// the connection. What it does not know it answers with 502.
/// </summary>
public sealed class ScriptedServer : IAsyncDisposable
{
    private static readonly Dictionary<string, string> s_usual = new()
    {
        ["greeting"] = "220 here", ["USER"] = "331 password", ["PASS"] = "230 in", ["TYPE"] = "200 ok", ["QUIT"] = "221 bye",
    };

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Dictionary<string, string> _answers;
    private readonly Task _serving;

    public ScriptedServer(params (string Command, string Answer)[] answers)
    {
        _answers = new(s_usual);
        foreach (var (command, answer) in answers)
            _answers[command] = answer;
        _listener.Start();
        _serving = ServeAsync();
    }

    public List<string> Commands { get; } = [];

    /// <summary>Answers that depend on what was said before; null: the map's.</summary>
    public Func<string, string?> OnCommand { get; set; } = _ => null;

    public FtpClientOptions Options => new()
    {
        Host = "127.0.0.1",
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port,
        User = "u",
        Password = "p",
        Security = FtpSecurity.InsecurePlain,
        CommandTimeout = TimeSpan.FromSeconds(2),
        BlockTimeout = TimeSpan.FromSeconds(2),
        MaxDownloadBytes = 1_000_000,
    };

    /// <summary>A listener for one data connection, with what it sends before it closes.</summary>
    public static (int Port, Task Served) Data(byte[] content, int repeat = 1)
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return (((IPEndPoint)listener.LocalEndpoint).Port, ServeAsync());

        async Task ServeAsync()
        {
            using (listener)
            using (var client = await listener.AcceptTcpClientAsync())
            {
                try
                {
                    for (var i = 0; i < repeat; i++)
                        await client.GetStream().WriteAsync(content);
                }
                catch (IOException)
                {
                    // The client had enough.
                }
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        try
        {
            await _serving;
        }
        catch (Exception failure) when (failure is SocketException or IOException or ObjectDisposedException)
        {
            // The client closed.
        }
    }

    private async Task ServeAsync()
    {
        using var client = await _listener.AcceptTcpClientAsync();
        var stream = client.GetStream();
        using var reader = new StreamReader(stream);
        await SayAsync(stream, _answers["greeting"]);
        while (await reader.ReadLineAsync() is { } command)
        {
            Commands.Add(command);
            var answer = OnCommand(command) ?? _answers.GetValueOrDefault(command) ?? _answers.GetValueOrDefault(command.Split(' ')[0]) ?? "502 no";
            if (answer.Length == 0)
                return;
            await SayAsync(stream, answer);
        }
    }

    private static async Task SayAsync(NetworkStream stream, string answer)
        => await stream.WriteAsync(Encoding.Latin1.GetBytes(answer + "\r\n"));
}
