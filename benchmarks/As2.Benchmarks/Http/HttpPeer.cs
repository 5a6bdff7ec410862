using System.Diagnostics;
using System.Globalization;
using As2.Certificates;

namespace As2.Benchmarks.Http;

/// <summary>Starts <see cref="HttpServer"/> and asks what it has used.</summary>
internal sealed class HttpPeer : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("as2-http-").FullName;
    private readonly Process _process;
    private readonly HttpClient _client = new();

    public HttpPeer()
    {
        File.WriteAllText(Path.Combine(_folder, "bob.pem"), CertificateFile.ToPem(Message.Bob) + CertificateFile.ToKeyPem(Message.Bob));
        File.WriteAllText(Path.Combine(_folder, "alice.cer"), CertificateFile.ToPem(Message.Alice));
        _process = Process.Start(new ProcessStartInfo("dotnet", [typeof(HttpPeer).Assembly.Location, "serve", _folder])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        Port = int.Parse(_process.StandardOutput.ReadLine()!, CultureInfo.InvariantCulture);
    }

    public int Port { get; }

    /// <summary>Microseconds of CPU and bytes allocated since it began.</summary>
    public async Task<(double Cpu, double Allocated)> UsageAsync()
    {
        var words = (await _client.GetStringAsync(new Uri($"http://127.0.0.1:{Port}{HttpServer.Usage}"))).Split(' ');
        return (double.Parse(words[0], CultureInfo.InvariantCulture), double.Parse(words[1], CultureInfo.InvariantCulture));
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
        _client.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
