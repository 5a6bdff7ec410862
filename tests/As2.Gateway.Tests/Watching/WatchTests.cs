using System.Text.Json;
using As2.Certificates;
using As2.Ftp;
using As2.Testing;

namespace As2.Gateway.Tests.Watching;

/// <summary>
/// Two gateways that are watched, over mutual TLS: one trace from the upload in one to the pick-up in the other, the figures of the run,
/// and health with reasons.
/// </summary>
public sealed class WatchTests
{
    private const string Password = "a password for both doors";

    [Test]
    public async Task a_file_is_one_trace_from_its_upload_to_its_pick_up_and_the_figures_show_it()
    {
        await using var collector = await CollectorStandIn.StartAsync();
        using var acmeData = new TempFolder();
        using var globexData = new TempFolder();
        var (acmePort, globexPort) = (FreePort.TakeRange(4), FreePort.TakeRange(4));
        Write(acmeData, "ACME", "GLOBEX", globexPort, collector.Address);
        Write(globexData, "GLOBEX", "ACME", acmePort, collector.Address);
        await using var acme = GatewayProcess.Start(acmeData.Path, acmePort, "run");
        await using var globex = GatewayProcess.Start(globexData.Path, globexPort, "run");
        await acme.SaysAsync("Ctrl+C");
        await globex.SaysAsync("Ctrl+C");

        await using (var sender = await ConnectAsync(acme, acmeData))
            await sender.UploadAsync("/outbox/order.edi", new MemoryStream("UNA:+.? '\n"u8.ToArray()), default);
        await using (var receiver = await ConnectAsync(globex, globexData))
        {
            await WaitAsync(receiver, "/inbox", "order.edi");
            var content = new MemoryStream();
            await receiver.DownloadAsync("/inbox/order.edi", content, default);
            Assert.That(content.ToArray(), Is.EqualTo("UNA:+.? '\n"u8.ToArray()));
        }
        await using (var sender = await ConnectAsync(acme, acmeData))
            await WaitAsync(sender, "/receipts", "order.edi.mdn");

        var trace = await TraceAsync(collector);
        Assert.Multiple(() =>
        {
            Assert.That(trace.Where(s => s.Service == "acme").Select(s => s.Name), Is.SupersetOf(new[] { "as2.upload", "as2.submit", "as2.send", "as2.pack", "as2.post", "as2.receipt" }));
            Assert.That(trace.Where(s => s.Service == "globex").Select(s => s.Name), Is.EquivalentTo(["as2.receive", "as2.peel", "as2.store", "as2.deliver", "as2.pick_up"]));
            Assert.That(trace.Where(s => s.Parent.Length == 0).Select(s => s.Name), Is.EqualTo(["as2.upload"]), "one root");
            Assert.That(trace.Where(s => s.Parent.Length > 0).Select(s => s.Parent).Distinct(), Is.SubsetOf(trace.Select(s => s.Id)), "no span is missing");
        });
        using var http = new HttpClient();
        var sent = await http.GetStringAsync($"http://127.0.0.1:{acmePort + 3}/metrics");
        Assert.That(sent, Does.Match("(?m)^as2_messages_total\\{[^}]*as2_direction=\"outbound\"[^}]*as2_outcome=\"acknowledged\"[^}]*\\} 1\\b"));
        Assert.That(sent, Does.Match("(?m)^as2_send_duration_seconds_count\\{[^}]*as2_partner=\"GLOBEX\"[^}]*\\} 1\\b"));
        Assert.That(await http.GetStringAsync($"http://127.0.0.1:{globexPort + 3}/metrics"), Does.Match("(?m)^as2_messages_total\\{[^}]*as2_outcome=\"accepted\"[^}]*\\} 1\\b"));
        await CheckHealthAsync(http, acmePort);
    }

    [Test]
    public void a_renewed_certificate_is_taken_up_and_a_broken_one_is_not()
    {
        using var folder = new TempFolder();
        var clock = new ManualTime();
        var file = Pem(folder, "tls.pem", "tls of today");
        var certificate = new ManagedGateway.Listening.TlsCertificate(file, () => CertificateFile.Load(file), clock);
        Assert.That(certificate.Current.TargetCertificate.Thumbprint, Is.EqualTo(TestKeys.Rsa("tls of today").Certificate.Thumbprint));
        File.WriteAllText(file, "half a file");
        clock.Advance(TimeSpan.FromSeconds(3));
        Assert.That(certificate.Current.TargetCertificate.Thumbprint, Is.EqualTo(TestKeys.Rsa("tls of today").Certificate.Thumbprint));
        Pem(folder, "tls.pem", "tls of next year");
        clock.Advance(TimeSpan.FromSeconds(3));
        Assert.That(certificate.Current.TargetCertificate.Thumbprint, Is.EqualTo(TestKeys.Rsa("tls of next year").Certificate.Thumbprint));
    }

    private static async Task CheckHealthAsync(HttpClient http, int port)
    {
        var ready = JsonDocument.Parse(await http.GetStringAsync($"http://127.0.0.1:{port + 3}/health/ready")).RootElement;
        Assert.That(ready.GetProperty("status").GetString(), Is.EqualTo("Healthy"), ready.ToString());
        Assert.That(ready.GetProperty("checks").EnumerateObject().Select(c => c.Name), Is.EquivalentTo(["as2.workers", "as2.store", "as2.certificates", "waiting", "outside"]));
        Assert.That((await http.GetStringAsync($"http://127.0.0.1:{port + 3}/health/live")), Does.Contain("Healthy"));
        Assert.That((int)(await http.GetAsync(new Uri($"http://127.0.0.1:{port + 3}/as2"))).StatusCode, Is.EqualTo(404), "the AS2 endpoint is not there");
        using var trusting = new HttpClient(new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null } });
        Assert.That((int)(await trusting.GetAsync(new Uri($"https://127.0.0.1:{port}/metrics"))).StatusCode, Is.EqualTo(404), "the public port shows no figures");
    }

    /// <summary>The spans of the upload's trace, once the last of them came.</summary>
    private static async Task<List<CollectedSpan>> TraceAsync(CollectorStandIn collector)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            var spans = collector.Spans.ToList();
            var trace = spans.Where(s => spans.Any(u => u.Name == "as2.upload" && u.Trace == s.Trace)).ToList();
            if (new[] { "as2.send", "as2.pick_up", "as2.deliver", "as2.receive" }.All(name => trace.Any(s => s.Name == name)))
                return trace;
            await Task.Delay(200, limit.Token);
        }
    }

    private static void Write(TempFolder data, string us, string them, int theirPort, Uri collector)
    {
        foreach (var (name, who) in new[] { ("ours", us), ("theirs", them) })
        {
            Pem(data, $"{name}.pem", who);
            Pem(data, $"{name}-tls.pem", $"{who}'s tls");
            data.Write($"{name}.cer", CertificateFile.ToPem(TestKeys.Rsa(who)));
            data.Write($"{name}-tls.cer", CertificateFile.ToPem(TestKeys.Rsa($"{who}'s tls")));
        }
        data.Write("gateway.json", JsonSerializer.Serialize(new
        {
            Listen = new { As2Certificate = "ours-tls.pem" },
            Watch = new { Collector = collector, Service = us.ToLowerInvariant() },
            Accounts = new[] { new { Name = "door", PasswordHash = TestWorld.CheapHash(Password), Local = us, Partner = them } },
            As2 = new
            {
                Stations = new Dictionary<string, object> { [us] = new { Certificate = "ours.pem" } },
                Partnerships = new[]
                {
                    new
                    {
                        Local = us, Partner = them, Endpoint = $"https://127.0.0.1:{theirPort}/as2", Routes = new[] { "mailbox:door" },
                        OurCertificates = new object[] { "ours.pem", new { File = "ours-tls.pem", For = new[] { "tls-client" } } },
                        Certificates = new object[] { "theirs.cer", new { File = "theirs-tls.cer", For = new[] { "tls-server", "tls-client" } } },
                    },
                },
            },
        }));
    }

    private static string Pem(TempFolder folder, string file, string name)
        => folder.Write(file, CertificateFile.ToPem(TestKeys.Rsa(name)) + CertificateFile.ToKeyPem(TestKeys.Rsa(name)));

    private static Task<FtpClient> ConnectAsync(GatewayProcess gateway, TempFolder data) => FtpClient.ConnectAsync(new FtpClientOptions
    {
        Host = "127.0.0.1", Port = gateway.Port + 1, User = "door", Password = Password,
        Trust = FtpTrust.Pinned(CertificateFile.Load(Path.Combine(data.Path, "keys", "ftps.cer")).Thumbprint),
    });

    private static async Task WaitAsync(FtpClient client, string folder, string name)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        while (!(await client.ListAsync(folder, limit.Token)).Any(f => f.Name == name))
            await Task.Delay(100, limit.Token);
    }
}
