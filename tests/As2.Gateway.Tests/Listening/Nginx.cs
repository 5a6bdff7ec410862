using System.Diagnostics;
using System.Net.Sockets;
using As2.Testing;

namespace As2.Gateway.Tests.Listening;

/// <summary>Debian's nginx as a reverse proxy, from a folder of its own.</summary>
internal sealed class Nginx : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Process _process;

    private Nginx(string program, string http, string stream)
    {
        var modules = Path.Combine(Path.GetDirectoryName(Path.GetDirectoryName(program))!, "lib", "nginx", "modules");
        _folder.Write("nginx.conf", $$"""
            load_module {{modules}}/ngx_stream_module.so;
            daemon off; worker_processes 1; pid {{_folder["nginx.pid"]}}; error_log {{_folder["error.log"]}};
            events { worker_connections 64; }
            http {
              access_log off;
              client_body_temp_path {{_folder["body"]}}; proxy_temp_path {{_folder["proxy"]}}; fastcgi_temp_path {{_folder["f"]}}; uwsgi_temp_path {{_folder["u"]}}; scgi_temp_path {{_folder["s"]}};
              {{http}}
            }
            stream { {{stream}} }
            """);
        var start = new ProcessStartInfo(program) { RedirectStandardError = true };
        foreach (var argument in (string[])["-p", _folder.Path, "-c", _folder["nginx.conf"], "-e", _folder["error.log"]])
            start.ArgumentList.Add(argument);
        _process = Process.Start(start)!;
    }

    /// <summary>Starts it, and waits until it listens.</summary>
    /// <param name="http">What stands in the block http.</param>
    /// <param name="stream">What stands in the block stream.</param>
    /// <param name="ports">The ports that it listens on.</param>
    public static async Task<Nginx> StartAsync(string http, string stream, params int[] ports)
    {
        var unpacked = Path.Combine(TestTools.Folder, "ftp", "usr", "sbin", "nginx");
        var nginx = new Nginx(File.Exists(unpacked) ? unpacked : Requires.Tool("nginx"), http, stream);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        foreach (var port in ports)
        {
            while (!await nginx.ListensAsync(port))
                await Task.Delay(50, limit.Token);
        }
        return nginx;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            using var quit = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
            await _process.WaitForExitAsync();
        }
        _process.Dispose();
        _folder.Dispose();
    }

    private async Task<bool> ListensAsync(int port)
    {
        Assert.That(_process.HasExited, Is.False, () => File.Exists(_folder["error.log"]) ? File.ReadAllText(_folder["error.log"]) : "nginx did not start");
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(System.Net.IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
