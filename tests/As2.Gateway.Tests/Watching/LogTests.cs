using System.Diagnostics;
using As2.Testing;

namespace As2.Gateway.Tests.Watching;

/// <summary>The log that a gateway writes to its standard output.</summary>
public sealed class LogTests
{
    private const int Callers = 16, Requests = 4000;

    [Test]
    public async Task a_log_that_nobody_reads_holds_up_no_message()
    {
        using var data = new TempFolder();
        TestWorld.Pair(data.Path, OutsidePartner.Ours, OutsidePartner.Theirs, new Uri("http://127.0.0.1:9/as2"));
        var port = FreePort.TakeRange(3);
        using var gateway = Process.Start(new ProcessStartInfo(
            "dotnet", [Path.Combine(AppContext.BaseDirectory, "gateway.dll"), "run", "--data", data.Path, "--port", $"{port}"])
        {
            RedirectStandardOutput = true,
        })!;
        try
        {
            while (await gateway.StandardOutput.ReadLineAsync() is { } line && !line.Contains("Ctrl+C", StringComparison.Ordinal))
            {
            }
            // From here on nobody reads. Every stranger is a line: many more than the pipe and the logger's queue hold together.
            using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(30) };
            await Assert.ThatAsync(() => Parallel.ForAsync(0, Requests, new ParallelOptions { MaxDegreeOfParallelism = Callers }, async (i, stop) =>
            {
                using var request = Stranger(port, i);
                using var answer = await client.SendAsync(request, stop);
            }), Throws.Nothing, "each is answered in time");
        }
        finally
        {
            gateway.Kill();
            await gateway.WaitForExitAsync();
        }
    }

    private static HttpRequestMessage Stranger(int port, int number)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"http://127.0.0.1:{port}/as2") { Content = new StringContent("no message") };
        request.Headers.Add("AS2-Version", "1.2");
        request.Headers.Add("AS2-From", "stranger");
        request.Headers.Add("AS2-To", "US");
        request.Headers.Add("Message-ID", $"<{number}@stranger.example>");
        return request;
    }
}
