using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Xml.Linq;
using As2.Routes;
using As2.Testing;

namespace As2.Ftp.Tests.Server;

/// <summary>What a TLS scanner asks of a server, explicit and implicit; and who may use a data connection.</summary>
public sealed class TlsProbeTests
{
    private static readonly string[] s_weak = ["RC4", "3DES", "DES-", "NULL", "EXP", "ADH", "AECDH", "anon", "MD5", "IDEA", "SEED", "PSK", "SRP"];

    private TestServer _server = null!;

    [OneTimeSetUp]
    public async Task Start() => _server = await TestServer.StartAsync();

    [OneTimeTearDown]
    public async Task Stop() => await _server.DisposeAsync();

    [Test]
    public async Task a_scanner_finds_nothing_old_or_weak([Values] FtpSecurity security)
    {
        Assume.That(security, Is.Not.EqualTo(FtpSecurity.InsecurePlain));
        var sslscan = Path.Combine(TestTools.Folder, "ftp", "usr", "bin", "sslscan");
        if (!File.Exists(sslscan))
            Requires.Tool("sslscan");
        string[] start = security == FtpSecurity.ExplicitTls ? ["--starttls-ftp"] : [];
        var port = security == FtpSecurity.ExplicitTls ? _server.Port : _server.ImplicitPort;
        var scan = XDocument.Parse((await Command.RunAsync(sslscan, [.. start, "--xml=-", $"localhost:{port}"])).Succeeded().Text);

        Assert.That(scan.Descendants("protocol").Where(p => (string?)p.Attribute("enabled") == "1").Select(p => $"{(string?)p.Attribute("type")} {(string?)p.Attribute("version")}").Order(),
            Is.EqualTo(new[] { "tls 1.2", "tls 1.3" }));
        var ciphers = scan.Descendants("cipher").ToList();
        TestContext.Out.WriteLine(string.Join('\n', ciphers.Select(c => $"{(string?)c.Attribute("sslversion")} {(string?)c.Attribute("cipher")} {(string?)c.Attribute("strength")}")));
        Assert.That(ciphers, Is.Not.Empty);
        Assert.That(ciphers.Where(c => (int)c.Attribute("bits")! < 128 || s_weak.Any(weak => ((string)c.Attribute("cipher")!).Contains(weak, StringComparison.Ordinal))), Is.Empty);
        Assert.That(ciphers.Where(c => (string)c.Attribute("sslversion")! == "TLSv1.2" && !((string)c.Attribute("cipher")!).Contains("DHE", StringComparison.Ordinal)), Is.Empty, "forward secrecy");
        Assert.That(scan.Descendants("renegotiation").All(r => (string?)r.Attribute("supported") == "0" || (string?)r.Attribute("secure") == "1"), Is.True);
        Assert.That(scan.Descendants("compression").Select(c => (string?)c.Attribute("supported")), Is.All.EqualTo("0"));
        Assert.That(scan.Descendants("heartbleed").Select(h => (string?)h.Attribute("vulnerable")), Is.All.EqualTo("0"));
    }

    [Test]
    public async Task a_client_cannot_renegotiate()
    {
        var run = await Openssl("R\n", "-tls1_2");
        Assert.That(run.Text + run.Error, Does.Contain("RENEGOTIATING"));
        Assert.That(run.ExitCode, Is.Not.Zero, run.Text + run.Error);
    }

    [TestCase("-tls1_1", "-cipher", "ALL@SECLEVEL=0")]
    [TestCase("-tls1", "-cipher", "ALL@SECLEVEL=0")]
    [TestCase("-tls1_2", "-cipher", "AES128-SHA@SECLEVEL=0")]
    [TestCase("-tls1_2", "-cipher", "DES-CBC3-SHA:RC4-SHA:NULL-SHA256:aNULL@SECLEVEL=0")]
    public async Task an_old_or_weak_offer_gets_no_session(params string[] offer)
    {
        var run = await Openssl("QUIT\n", offer);
        Assert.That(run.ExitCode, Is.Not.Zero, run.Text);
        Assert.That(run.Text, Does.Contain("Cipher is (NONE)"));
    }

    [Test]
    public async Task no_data_goes_before_PROT_P()
    {
        await using var raw = await RawFtp.ConnectAsync(_server);
        await raw.ExpectAsync(220);
        await raw.AuthAsync();
        await raw.SendAsync("USER acme", 331);
        await raw.SendAsync($"PASS {TestServer.Password}", 230);
        using var data = await raw.OpenDataAsync();
        await raw.SendAsync("STOR /outbox/clear.edi", 521);
        await raw.SendAsync("PBSZ 0", 200);
        await raw.SendAsync("PROT C", 534);
        using var again = await raw.OpenDataAsync();
        await raw.SendAsync("MLSD /", 521);
    }

    [Test]
    public async Task plain_octets_on_a_protected_data_connection_are_no_upload()
    {
        await using var raw = await RawFtp.SignInAsync(_server);
        using var data = await raw.OpenDataAsync();
        await raw.SendAsync("STOR /outbox/clear.edi", 150);
        await data.GetStream().WriteAsync("UNB+UNOA:1'"u8.ToArray());
        data.Client.Shutdown(SocketShutdown.Send);
        await raw.ExpectAsync(522);
        Assert.That(await _server.Store.FindAsync("acme", MailboxFolder.Outbox, "clear.edi", default), Is.Null);
        await raw.SendAsync("NOOP", 200);
    }

    [Test]
    public async Task old_tls_on_the_data_connection_is_refused_too()
    {
        await using var raw = await RawFtp.SignInAsync(_server);
        using var data = await raw.OpenDataAsync();
        await raw.SendAsync("MLSD /", 150);
        await using var secure = new SslStream(data.GetStream());
#pragma warning disable CA5397, CA5398, SYSLIB0039, CA5359 // The old version is what is tried.
        Assert.CatchAsync(() => secure.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "localhost", EnabledSslProtocols = SslProtocols.Tls11, RemoteCertificateValidationCallback = (_, _, _, _) => true,
        }));
#pragma warning restore CA5397, CA5398, SYSLIB0039, CA5359
        data.Close();
        await raw.ExpectAsync(522);
    }

    [Test]
    public async Task a_data_port_serves_one_connection_of_one_transfer()
    {
        await using var raw = await RawFtp.SignInAsync(_server);
        var port = await raw.OpenPassiveAsync();
        using var own = new TcpClient();
        await own.ConnectAsync("127.0.0.1", port);
        await raw.SendAsync("MLSD /", 150);
        using var late = new TcpClient();
        Assert.That(await IsServedAsync(late, port), Is.False, "a second connection during the transfer");
        await using (var secure = await RawFtp.SecureAsync(own.GetStream()))
            await new StreamReader(secure).ReadToEndAsync();
        await raw.ExpectAsync(226);
        await raw.SendAsync("MLSD /", 425);
    }

    private static async Task<bool> IsServedAsync(TcpClient client, int port)
    {
        try
        {
            await client.ConnectAsync("127.0.0.1", port);
            return await client.GetStream().ReadAsync(new byte[1]) > 0;
        }
        catch (Exception refused) when (refused is SocketException or IOException)
        {
            return false;
        }
    }

    private Task<CommandResult> Openssl(string said, params string[] offer)
        => Command.RunAsync("openssl", ["s_client", "-starttls", "ftp", "-connect", $"localhost:{_server.Port}", .. offer], System.Text.Encoding.ASCII.GetBytes(said));
}
