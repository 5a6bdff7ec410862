using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using As2.Ftp.Tests.Server;
using As2.Testing;

namespace As2.Ftp.Tests.Client;

/// <summary>What a hostile or broken server may try (threats.md, client side).</summary>
public sealed class HostileServerTests
{
    [TestCase("22 too short")]
    [TestCase("999 no such class")]
    [TestCase("hello")]
    [TestCase("220 a\0b")]
    [TestCase("220 a\rb")]
    public async Task a_reply_that_is_none_ends_the_connection(string greeting)
    {
        await using var server = new ScriptedServer(("greeting", greeting));
        Assert.That(Failure(() => FtpClient.ConnectAsync(server.Options)).Failure, Is.EqualTo(FtpFailure.Protocol));
    }

    [Test]
    public async Task a_reply_line_of_more_than_4_KiB_ends_the_connection()
    {
        await using var server = new ScriptedServer(("greeting", "220 " + new string('x', 10_000)));
        Assert.That(Failure(() => FtpClient.ConnectAsync(server.Options)).Failure, Is.EqualTo(FtpFailure.Protocol));
    }

    [Test]
    public async Task an_endless_reply_ends_the_connection()
    {
        await using var server = new ScriptedServer(("FEAT", "211-" + string.Concat(Enumerable.Repeat("x\r\n", 5000)) + "211 end"));
        Assert.That(Failure(() => FtpClient.ConnectAsync(server.Options)).Failure, Is.EqualTo(FtpFailure.Protocol));
    }

    [TestCase("greeting", "421 Too many users", FtpFailure.Busy)]
    [TestCase("USER", "421 Going down", FtpFailure.Busy)]
    [TestCase("PASS", "421 Going down", FtpFailure.Busy)]
    [TestCase("PASS", "530 Login incorrect", FtpFailure.SignIn)]
    [TestCase("TYPE", "500 What?", FtpFailure.Refused)]
    [TestCase("TYPE", "", FtpFailure.Connection)]
    public async Task a_server_that_turns_us_away_says_whether_later_helps(string command, string answer, FtpFailure failure)
    {
        await using var server = new ScriptedServer((command, answer));
        var refused = Failure(() => FtpClient.ConnectAsync(server.Options));
        Assert.That(refused.Failure, Is.EqualTo(failure), refused.ToString());
        Assert.That(refused.IsTransient, Is.EqualTo(failure is FtpFailure.Busy or FtpFailure.Connection));
    }

    [TestCase("STOR", "550 No", FtpFailure.Refused)]
    [TestCase("STOR", "553 Not that name", FtpFailure.Refused)]
    [TestCase("STOR", "452 No space", FtpFailure.Busy)]
    [TestCase("STOR", "150 here\r\n451 No space", FtpFailure.Busy)]
    [TestCase("STOR", "150 here\r\n426 Broke", FtpFailure.Busy)]
    public async Task an_upload_that_is_refused_before_or_after_its_octets_says_whether_later_helps(string command, string answer, FtpFailure failure)
    {
        using var data = new TcpListener(IPAddress.Loopback, 0);
        data.Start();
        var taking = TakeAsync();
        await using var server = new ScriptedServer(("EPSV", $"229 ok (|||{((IPEndPoint)data.LocalEndpoint).Port}|)"), (command, answer));
        await using var client = await FtpClient.ConnectAsync(server.Options);
        Assert.That(Failure(() => client.UploadAsync("/x", new MemoryStream(new byte[10]), default).AsTask()).Failure, Is.EqualTo(failure));
        await taking;

        async Task TakeAsync()
        {
            using var taker = await data.AcceptTcpClientAsync();
            await taker.GetStream().CopyToAsync(Stream.Null);
        }
    }

    [Test]
    public async Task a_silent_server_is_a_timeout()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var options = new FtpClientOptions
        {
            Host = "127.0.0.1", Port = ((IPEndPoint)listener.LocalEndpoint).Port, User = "u", Password = "p", CommandTimeout = TimeSpan.FromMilliseconds(300),
        };
        Assert.That(Failure(() => FtpClient.ConnectAsync(options)).Failure, Is.EqualTo(FtpFailure.Timeout));
        await Task.CompletedTask;
    }

    [Test]
    public async Task a_closed_port_is_a_connection_failure()
    {
        var options = new FtpClientOptions { Host = "127.0.0.1", Port = FreePort.Take(), User = "u", Password = "p" };
        Assert.That(Failure(() => FtpClient.ConnectAsync(options)).Failure, Is.EqualTo(FtpFailure.Connection));
        await Task.CompletedTask;
    }

    [TestCase("500 what", FtpFailure.Trust)]
    [TestCase("234 go\r\n230 signed in already", FtpFailure.Trust)]
    public async Task tls_that_is_refused_or_preceded_by_plain_bytes_is_not_gone_without(string answer, FtpFailure failure)
    {
        await using var server = new ScriptedServer(("AUTH", answer));
        var plain = server.Options;
        var options = new FtpClientOptions { Host = plain.Host, Port = plain.Port, User = "u", Password = "p", CommandTimeout = plain.CommandTimeout };
        Assert.That(Failure(() => FtpClient.ConnectAsync(options)).Failure, Is.EqualTo(failure));
        Assert.That(server.Commands, Has.None.StartsWith("USER").And.None.StartsWith("PASS"));
    }

    [Test]
    public async Task a_passive_reply_with_another_address_leads_to_the_servers_own()
    {
        var (port, served) = ScriptedServer.Data("payload"u8.ToArray());
        await using var server = new ScriptedServer(
            ("PASV", $"227 ok (10,9,8,7,{port / 256},{port % 256})"), ("RETR", "150 here\r\n226 done"));
        await using var client = await FtpClient.ConnectAsync(server.Options);
        var target = new MemoryStream();
        await client.DownloadAsync("/x", target, default);
        Assert.That(Encoding.ASCII.GetString(target.ToArray()), Is.EqualTo("payload"));
        await served;
    }

    [TestCase("ftp thief")]
    [TestCase(null)]
    public async Task a_data_connection_with_another_certificate_or_in_the_clear_carries_nothing(string? shown)
    {
        await using var server = new FalseDataServer(shown is null ? null : TestKeys.Rsa(shown).Certificate);
        await using var client = await FtpClient.ConnectAsync(server.Start());
        var target = new MemoryStream();
        var failure = Failure(() => client.DownloadAsync("/x", target, default).AsTask());
        Assert.That(failure.Failure, Is.EqualTo(FtpFailure.Trust).Or.EqualTo(FtpFailure.Connection), failure.ToString());
        Assert.That(target.Length, Is.Zero);
        Assert.That(client.IsUsable, Is.False);
    }

    [TestCase("227 ok (127,0,0,1,0,22)")]
    [TestCase("227 ok (127,0,0,1,0,25)")]
    [TestCase("227 ok (127,0,0,1,999,1)")]
    [TestCase("227 ok")]
    [TestCase("227 ok (1,2,3)")]
    public async Task a_passive_reply_without_a_usable_port_is_refused(string answer)
    {
        await using var server = new ScriptedServer(("PASV", answer));
        await using var client = await FtpClient.ConnectAsync(server.Options);
        Assert.That(Failure(() => client.DownloadAsync("/x", Stream.Null, default).AsTask()).Failure, Is.EqualTo(FtpFailure.Protocol));
    }

    [TestCase("229 ok (|||22|)")]
    [TestCase("229 ok (|||70000|)")]
    [TestCase("229 ok (|||")]
    [TestCase("229 ok (")]
    [TestCase("229 ok")]
    public async Task an_extended_passive_reply_without_a_usable_port_is_refused(string answer)
    {
        await using var server = new ScriptedServer(("EPSV", answer));
        await using var client = await FtpClient.ConnectAsync(server.Options);
        Assert.That(Failure(() => client.DownloadAsync("/x", Stream.Null, default).AsTask()).Failure, Is.EqualTo(FtpFailure.Protocol));
    }

    [TestCase("213 -5")]
    [TestCase("213 99999999999999999999")]
    [TestCase("213 many")]
    public async Task a_size_that_is_none_is_refused(string answer)
    {
        await using var server = new ScriptedServer(("SIZE", answer));
        await using var client = await FtpClient.ConnectAsync(server.Options);
        Assert.That(Failure(() => client.GetSizeAsync("/x", default).AsTask()).Failure, Is.EqualTo(FtpFailure.Protocol));
    }

    [TestCase(3)]
    [TestCase(8)]
    public async Task a_file_of_another_length_than_its_size_is_refused(int size)
    {
        var (port, _) = ScriptedServer.Data("abcdefg"u8.ToArray());
        await using var server = new ScriptedServer(
            ("FEAT", "211-here\r\n SIZE\r\n211 end"), ("SIZE", $"213 {size}"), ("EPSV", $"229 ok (|||{port}|)"), ("RETR", "150 here\r\n226 done"));
        await using var client = await FtpClient.ConnectAsync(server.Options);
        Assert.That(Failure(() => client.DownloadAsync("/x", new MemoryStream(), default).AsTask()).Failure, Is.EqualTo(FtpFailure.Protocol));
    }

    [Test]
    public async Task a_server_that_reads_no_more_or_says_no_more_in_the_middle_of_a_file_is_a_timeout([Values] bool isUpload)
    {
        using var data = new TcpListener(IPAddress.Loopback, 0);
        data.Start();
        await using var server = new ScriptedServer(
            ("EPSV", $"229 ok (|||{((IPEndPoint)data.LocalEndpoint).Port}|)"), ("STOR", "150 here"), ("RETR", "150 here"));
        await using var client = await FtpClient.ConnectAsync(server.Options);
        var failure = isUpload
            ? Failure(() => client.UploadAsync("/x", new MemoryStream(new byte[64 << 20]), default).AsTask())
            : Failure(() => client.DownloadAsync("/x", Stream.Null, default).AsTask());
        Assert.That(failure.Failure, Is.EqualTo(FtpFailure.Timeout), failure.ToString());
        Assert.That(client.IsUsable, Is.False);
    }

    [TestCase("-rw-r--r-- 1 o g 7 Nov 23 19:30 order 1.edi", 7L)]
    [TestCase("-rw-r--r-- 1 o g 7 Nov 23 19:30 other.edi", null)]
    [TestCase("drwxr-xr-x 1 o g 7 Nov 23 19:30 order 1.edi", null)]
    public async Task a_server_without_SIZE_tells_lengths_by_its_listing(string line, long? length)
    {
        var (port, _) = ScriptedServer.Data(Encoding.ASCII.GetBytes(line + "\r\n"));
        await using var server = new ScriptedServer(("EPSV", $"229 ok (|||{port}|)"), ("LIST /in", "150 here\r\n226 done"));
        await using var client = await FtpClient.ConnectAsync(server.Options);
        Assert.That(await client.GetSizeAsync("/in/order 1.edi", default), Is.EqualTo(length));
    }

    [Test]
    public async Task a_server_without_MLSD_and_with_a_strange_listing_tells_names_and_sizes_one_by_one()
    {
        var (list, _) = ScriptedServer.Data("+i8388621.29609,m824255902,/,\tdev\r\n"u8.ToArray());
        await using var server = new ScriptedServer(("EPSV", $"229 ok (|||{list}|)"), ("LIST", "150 here\r\n226 done"), ("NLST", "150 here\r\n226 done"), ("SIZE", "213 5"));
        server.OnCommand = command => command == "EPSV" && server.Commands.Count(each => each == "EPSV") == 2 ? $"229 ok (|||{ScriptedServer.Data("a.edi\r\n./b.edi\r\n"u8.ToArray()).Port}|)" : null;
        await using var client = await FtpClient.ConnectAsync(server.Options);
        Assert.That(await client.ListAsync("/in", default), Is.EqualTo(new[] { new RemoteFile("a.edi", 5, null, false), new RemoteFile("b.edi", 5, null, false) }));
    }

    [Test]
    public async Task a_server_that_tells_no_lengths_at_all_is_refused_and_not_believed()
    {
        await using var server = new ScriptedServer(("LIST /in", "150 here\r\n226 done"), ("NLST /in", "150 here\r\n226 done"));
        server.OnCommand = command => command == "EPSV" ? $"229 ok (|||{ScriptedServer.Data("order.edi\r\n"u8.ToArray()).Port}|)" : null;
        await using var client = await FtpClient.ConnectAsync(server.Options);
        Assert.That(Failure(() => client.GetSizeAsync("/in/order.edi", default).AsTask()).Failure, Is.EqualTo(FtpFailure.Refused));
    }

    [Test]
    public async Task a_file_that_grows_for_ever_ends_at_the_limit()
    {
        var (port, _) = ScriptedServer.Data(new byte[100_000], repeat: 1000);
        await using var server = new ScriptedServer(("EPSV", $"229 ok (|||{port}|)"), ("RETR", "150 here"));
        await using var client = await FtpClient.ConnectAsync(server.Options);
        Assert.That(Failure(() => client.DownloadAsync("/x", Stream.Null, default).AsTask()).Failure, Is.EqualTo(FtpFailure.Protocol));
        Assert.That(client.IsUsable, Is.False);
    }

    [Test]
    public async Task a_name_with_a_line_end_never_reaches_the_server()
    {
        await using var server = new ScriptedServer();
        await using var client = await FtpClient.ConnectAsync(server.Options);
        Assert.That(Failure(() => client.DeleteAsync("/x\r\nDELE /y", default).AsTask()).Failure, Is.EqualTo(FtpFailure.Refused));
        Assert.That(server.Commands, Has.None.Contains("DELE"));
    }

    [Test]
    public async Task names_in_a_listing_never_lead_out_of_its_folder()
    {
        var listing = "type=file;size=1; ../../etc/passwd\r\ntype=file;size=1; ..\r\ntype=file;size=-1; good\r\nnonsense\r\n"u8.ToArray();
        var (port, _) = ScriptedServer.Data(listing);
        await using var server = new ScriptedServer(
            ("FEAT", "211-here\r\n MLST type*;\r\n211 end"), ("EPSV", $"229 ok (|||{port}|)"), ("MLSD", "150 here\r\n226 done"));
        await using var client = await FtpClient.ConnectAsync(server.Options);
        Assert.That(await client.ListAsync("/", default), Is.EqualTo(new[] { new RemoteFile("good", null, null, false) }));
    }

    [Test]
    public async Task a_pinned_certificate_that_is_another_is_not_trusted()
    {
        await using var server = await TestServer.StartAsync();
        var options = new FtpClientOptions
        {
            Host = "localhost", Port = server.Port, User = "acme", Password = TestServer.Password, Trust = FtpTrust.Pinned(TestKeys.Rsa("somebody else").Thumbprint),
        };
        Assert.That(Failure(() => FtpClient.ConnectAsync(options)).Failure, Is.EqualTo(FtpFailure.Trust));
    }

    [Test]
    public async Task a_certificate_for_another_host_is_not_trusted_though_its_authority_is()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var elsewhere = new CertificateRequest("CN=elsewhere.example", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2049, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using var server = await TestServer.StartAsync(settings => settings.Certificate = () => elsewhere);
        var options = new FtpClientOptions
        {
            Host = "localhost", Port = server.Port, User = "acme", Password = TestServer.Password, Trust = FtpTrust.Authorities(elsewhere),
        };
        Assert.That(Failure(() => FtpClient.ConnectAsync(options)).Failure, Is.EqualTo(FtpFailure.Trust));
    }

    [TestCase("AB")]
    [TestCase("not hexadecimal")]
    public void a_pin_that_is_no_fingerprint_is_a_fault_of_the_host(string pin)
        => Assert.That(Assert.Throws<As2Exception>(() => FtpTrust.Pinned(pin))!.Id, Is.EqualTo("AS2-FTP-001"));

    private static FtpException Failure(Func<Task> work) => Assert.ThrowsAsync<FtpException>(async () => await work())!;
}
