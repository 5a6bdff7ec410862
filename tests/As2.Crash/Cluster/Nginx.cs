using System.Diagnostics;
using As2.Testing;

namespace As2.Crash.Cluster;

/// <summary>nginx before the nodes: AS2 over HTTP and FTPS control connections, to whichever node answers.</summary>
internal sealed class Nginx : IDisposable
{
    private readonly Process _process;

    /// <param name="folder">Its own.</param>
    /// <param name="port">AS2 is on this one, FTPS on the next.</param>
    /// <param name="nodes">The nodes' AS2 ports; FTPS is on the next of each.</param>
    public Nginx(string folder, int port, IReadOnlyList<int> nodes)
    {
        var root = Path.Combine(TestTools.Folder, "ftp", "usr");
        var program = TestTools.Find("nginx") ?? Path.Combine(root, "sbin", "nginx");
        if (!File.Exists(program))
            throw new InvalidOperationException("nginx is not on this machine: run eng/install-test-tools.sh.");
        string[] modules = [Path.Combine(root, "lib", "nginx", "modules"), "/usr/lib/nginx/modules"];
        Directory.CreateDirectory(folder);
        var file = Path.Combine(folder, "nginx.conf");
        File.WriteAllText(file, Configuration(folder, modules.First(m => File.Exists(Path.Combine(m, "ngx_stream_module.so"))), port, nodes));
        _process = Process.Start(new ProcessStartInfo(program, ["-p", folder, "-c", file, "-e", Path.Combine(folder, "error.log")]))!;
    }

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
    }

    // A message may come twice to the nodes: that a POST is given to the next one after half an answer is what is tried here.
    private static string Configuration(string folder, string modules, int port, IReadOnlyList<int> nodes) =>
        $$"""
        load_module {{modules}}/ngx_stream_module.so;
        daemon off;
        user root;
        worker_processes 1;
        pid {{folder}}/nginx.pid;
        events { worker_connections 1000; }
        http {
            access_log off;
            client_max_body_size 0;
            client_body_temp_path {{folder}}/body;
            proxy_temp_path {{folder}}/proxy;
            fastcgi_temp_path {{folder}}/fastcgi;
            uwsgi_temp_path {{folder}}/uwsgi;
            scgi_temp_path {{folder}}/scgi;
            upstream as2 { {{Servers(nodes, 0)}} }
            server {
                listen 127.0.0.1:{{port}};
                location / {
                    proxy_pass http://as2;
                    proxy_http_version 1.1;
                    proxy_set_header Connection "";
                    proxy_set_header Host $http_host;
                    proxy_next_upstream error timeout non_idempotent;
                    proxy_connect_timeout 1s;
                    proxy_read_timeout 20s;
                }
            }
        }
        stream {
            upstream ftps { {{Servers(nodes, 1)}} }
            server {
                listen 127.0.0.1:{{port + 1}};
                proxy_pass ftps;
                proxy_connect_timeout 1s;
            }
        }
        """;

    private static string Servers(IReadOnlyList<int> nodes, int offset)
        => string.Join(' ', nodes.Select(node => $"server 127.0.0.1:{node + offset} max_fails=1 fail_timeout=1s;"));
}
