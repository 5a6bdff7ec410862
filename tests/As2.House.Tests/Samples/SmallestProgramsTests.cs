using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using As2.Testing;

namespace As2.House.Tests.Samples;

/// <summary>The README's two programs, run as a reader would: one process receives what the other sends.</summary>
public sealed class SmallestProgramsTests
{
    [Test]
    [CancelAfter(120_000)]
    public async Task the_receiver_takes_what_the_sender_sends(CancellationToken stop)
    {
        using var folder = new TempFolder();
        var (acme, globex) = (TestKeys.Rsa("ACME"), TestKeys.Rsa("GLOBEX"));
        folder.Write("acme.p12", acme.Certificate.Export(X509ContentType.Pfx));
        folder.Write("acme.cer", acme.Der.Span);
        folder.Write("globex.p12", globex.Certificate.Export(X509ContentType.Pfx));
        folder.Write("globex.cer", globex.Der.Span);
        File.Copy(Repository.PathOf("samples", "Receiver", "appsettings.json"), folder["appsettings.json"]);
        var order = Repository.PathOf("samples", "ManagedGateway", "samples", "orders.edi");
        var port = FreePort.Take();

        using var receiver = Start(folder, "Receiver.dll", "--Urls", $"http://127.0.0.1:{port}");
        try
        {
            await ListensAsync(port, receiver, stop);
            var sent = await Command.RunAsync(
                "dotnet", [Program("Sender.dll"), order, $"http://127.0.0.1:{port}/as2", folder["globex.p12"], folder["acme.cer"]]);
            Assert.That(sent.ExitCode, Is.Zero, $"{sent.Text}\n{sent.Error}");
            Assert.That(await receiver.StandardOutput.ReadLineAsync(stop), Does.StartWith("orders.edi from GLOBEX: 2733 bytes"));
            Assert.That(File.ReadAllBytes(Directory.GetFiles(folder["inbox"]).Single()), Is.EqualTo(File.ReadAllBytes(order)));
        }
        finally
        {
            receiver.Kill(entireProcessTree: true);
            await receiver.WaitForExitAsync(CancellationToken.None);
        }
    }

    private static string Program(string name) => Path.Combine(AppContext.BaseDirectory, name);

    private static Process Start(TempFolder folder, string program, params string[] arguments)
        => Process.Start(new ProcessStartInfo("dotnet", [Program(program), .. arguments]) { WorkingDirectory = folder.Path, RedirectStandardOutput = true })!;

    /// <summary>Until the port answers: it opens only when the host is whole.</summary>
    private static async Task ListensAsync(int port, Process process, CancellationToken stop)
    {
        while (!process.HasExited)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, port, stop);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(50, stop);
            }
        }
        Assert.Fail($"the receiver ended with {process.ExitCode}");
    }
}
