using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using As2.Certificates;
using As2.Testing;

namespace As2.Tool.Tests.Commands;

/// <summary><c>as2 send</c> against <c>as2 serve</c>, two processes over a real socket.</summary>
public sealed class SendServeTests
{
    private static As2Certificate Me => TestKeys.Rsa("me");

    private static As2Certificate Them => TestKeys.Rsa("them");

    [Test]
    public async Task a_message_is_delivered_and_its_receipt_verified()
    {
        using var folder = new TempFolder();
        var file = folder.Write("order.edi", "hello");
        var (sent, served) = await ExchangeAsync(folder, ["send", file, .. Keys(folder, Me, Them)]);

        Assert.That(sent.ExitCode, Is.Zero, sent.Error);
        Assert.That(sent.Text, Does.Contain("delivered").And.Contain("CN=them: verified"));
        Assert.That(served, Does.Contain("from ME to THEM").And.Contain("a receiver answers: processed"));
        Assert.That(await File.ReadAllTextAsync(Path.Combine(folder["in"], "order.edi")), Is.EqualTo("hello"));
    }

    [Test]
    public async Task a_refused_message_exits_with_1_and_leaves_nothing()
    {
        using var folder = new TempFolder();
        var file = folder.Write("order.edi", "hello");
        var (sent, served) = await ExchangeAsync(folder, ["send", file, .. Keys(folder, TestKeys.Rsa("mallory"), Them)]);

        Assert.That(sent.ExitCode, Is.EqualTo(1), sent.Error);
        Assert.That(sent.Text, Does.Contain("authentication-failed"));
        Assert.That(served, Does.Contain("FAULT authentication-failed"));
        Assert.That(Directory.GetFiles(folder["in"]), Is.Empty);
    }

    [Test]
    public async Task an_asynchronous_receipt_is_posted_to_the_address_asked_for()
    {
        using var folder = new TempFolder();
        using var home = new TcpListener(IPAddress.Loopback, 0);
        home.Start();
        using var server = Tool.Start(["serve", "--port", "0", .. Keys(folder, Them, Me)]);
        var url = (await server.StandardOutput.ReadLineAsync())!.Split(' ', ',')[2];
        var sent = await Tool.ExpectAsync(0, ["send", folder.Write("order.edi", "hello"), "--to", url, "--from-id", "ME", "--to-id", "THEM", "--receipt-url", $"http://localhost:{((IPEndPoint)home.LocalEndpoint).Port}/receipts", .. Keys(folder, Me, Them)]);
        using var limit = new CancellationTokenSource(Command.Limit);
        var receipt = await TakeAsync(home, limit.Token);
        server.Kill();

        var file = folder.Write("receipt.http", receipt);
        var inspected = await Tool.ExpectAsync(0, ["inspect", file, .. Keys(folder, Me, Them)]);
        Assert.That(sent.Text, Does.Contain("taken by the partner"));
        Assert.That(inspected.Text, Does.Contain("answers").And.Contain(": processed").And.Contain("signature verified"));
    }

    [Test]
    public async Task nobody_there_exits_with_3()
    {
        using var folder = new TempFolder();
        var result = await Tool.ExpectAsync(3, "send", folder.Write("a", "a"), "--to", $"http://127.0.0.1:{FreePort.Take()}/", "--from-id", "A", "--to-id", "B", "--sign", "none", "--encrypt", "none");
        Assert.That(result.Text, Does.Contain("NOT confirmed"));
    }

    private static async Task<(CommandResult Sent, string Served)> ExchangeAsync(TempFolder folder, string[] send)
    {
        using var server = Tool.Start(["serve", "--port", "0", "--count", "1", "--out", folder["in"], .. Keys(folder, Them, Me)]);
        var url = (await server.StandardOutput.ReadLineAsync())!.Split(' ', ',')[2];
        var sent = await Tool.RunAsync([.. send, "--to", url, "--from-id", "ME", "--to-id", "THEM"]);
        using var limit = new CancellationTokenSource(Command.Limit);
        var served = await server.StandardOutput.ReadToEndAsync(limit.Token);
        await server.WaitForExitAsync(limit.Token);
        return (sent, served);
    }

    private static async Task<byte[]> TakeAsync(TcpListener listener, CancellationToken cancellationToken)
    {
        using var client = await listener.AcceptTcpClientAsync(cancellationToken);
        await using var stream = client.GetStream();
        var request = new MemoryStream();
        var block = new byte[64 << 10];
        while (!IsWhole(request.GetBuffer().AsSpan(0, (int)request.Length)))
        {
            var read = await stream.ReadAsync(block, cancellationToken);
            Assert.That(read, Is.Positive, "the receipt's connection ended early");
            request.Write(block, 0, read);
        }
        await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"u8.ToArray(), cancellationToken);
        return request.ToArray();
    }

    private static bool IsWhole(ReadOnlySpan<byte> request)
    {
        var end = request.IndexOf("\r\n\r\n"u8);
        if (end < 0)
            return false;
        var length = Regex.Match(Encoding.Latin1.GetString(request[..end]), @"Content-Length: *(\d+)", RegexOptions.IgnoreCase);
        Assert.That(length.Success, "a receipt has its length in the header");
        return request.Length >= end + 4 + int.Parse(length.Groups[1].Value, CultureInfo.InvariantCulture);
    }

    private static string[] Keys(TempFolder folder, As2Certificate own, As2Certificate partner)
    {
        var (certificate, key) = TestKeys.WritePem(own, folder, $"own-{own.Thumbprint[..8]}");
        return ["--key", key, "--cert", certificate, "--partner", TestKeys.WritePem(partner, folder, $"partner-{partner.Thumbprint[..8]}").Certificate];
    }
}
