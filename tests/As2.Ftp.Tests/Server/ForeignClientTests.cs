using System.Net;
using System.Security.Cryptography;
using System.Text;
using As2.Routes;
using As2.Testing;

namespace As2.Ftp.Tests.Server;

/// <summary>The clients that partners use, against our server.</summary>
public sealed class ForeignClientTests
{
    private TestServer _server = null!;
    private TempFolder _folder = null!;
    private string _ca = "";

    [SetUp]
    public async Task Start()
    {
        _server = await TestServer.StartAsync();
        _folder = new TempFolder();
        _ca = TestKeys.WritePem(TestKeys.Rsa("ftp server"), _folder, "server").Certificate;
    }

    [TearDown]
    public async Task Stop()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [TestCase("--tlsv1.2", "--tls-max", "1.2")]
    [TestCase("--tlsv1.3", "--tls-max", "1.3")]
    public async Task curl_uploads_lists_and_downloads(params string[] tls)
    {
        var content = RandomNumberGenerator.GetBytes(300_000);
        var file = _folder.Write("order 1.edi", content);
        await CurlAsync([.. tls, "-T", file, $"ftp://localhost:{_server.Port}/outbox/order%201.edi"]);
        Assert.That((await _server.SubmittedAsync("order 1.edi")).AsSpan().SequenceEqual(content), Is.True);

        Assert.That((await CurlAsync([.. tls, $"ftp://localhost:{_server.Port}/outbox/"])).Text, Does.Contain("300000 ").And.EndsWith(" order 1.edi\n"));
        Assert.That((await CurlAsync([.. tls, "--list-only", $"ftp://localhost:{_server.Port}/outbox/"])).Text, Is.EqualTo("order 1.edi\n"));
        Assert.That((await CurlAsync([.. tls, $"ftp://localhost:{_server.Port}/outbox/order%201.edi"])).Output.AsSpan().SequenceEqual(content), Is.True);
        Assert.That((await CurlAsync([.. tls, "-r", "299990-", $"ftp://localhost:{_server.Port}/outbox/order%201.edi"])).Output, Is.EqualTo(content[299_990..]));
        Assert.That((await CurlAsync([.. tls, "-I", $"ftp://localhost:{_server.Port}/outbox/order%201.edi"])).Text, Does.Contain("Content-Length: 300000"));
    }

    [Test]
    public async Task curl_uploads_an_empty_file_over_implicit_tls()
    {
        await CurlAsync(["-T", _folder.Write("empty.edi", ""), $"ftps://localhost:{_server.ImplicitPort}/outbox/"]);
        Assert.That(await _server.SubmittedAsync("empty.edi"), Is.Empty);
    }

    [Test]
    public async Task curl_renames_an_unfinished_upload_and_deletes_from_the_inbox()
    {
        await _server.AddFileAsync(MailboxFolder.Inbox, "taken.edi", [1]);
        var file = _folder.Write("order.edi", "UNB");
        await CurlAsync(["-T", file, $"ftp://localhost:{_server.Port}/outbox/order.edi.part", "-Q", "-RNFR order.edi.part", "-Q", "-RNTO order.edi"]);
        await CurlAsync([$"ftp://localhost:{_server.Port}/", "-Q", "DELE /inbox/taken.edi"]);
        Assert.That(Encoding.ASCII.GetString(await _server.SubmittedAsync("order.edi")), Is.EqualTo("UNB"));
        Assert.That(await _server.Store.ListAsync("acme", MailboxFolder.Inbox, default), Is.Empty);
    }

    [Test]
    public async Task curl_makes_the_folders_it_needs_and_lftp_mirrors_a_tree_into_the_outbox()
    {
        await CurlAsync(["--ftp-create-dirs", "-T", _folder.Write("order.edi", "UNB"), $"ftp://localhost:{_server.Port}/outbox/by/curl/order.edi"]);
        Directory.CreateDirectory(_folder["tree/by lftp"]);
        _folder.Write("tree/by lftp/order.edi", "UNA");
        await LftpAsync($"""
            mirror -R {_folder["tree"]} /outbox
            mkdir /outbox/empty
            rmdir /outbox/empty
            """);
        Assert.That(_server.Submitter.Submitted.Select(file => file.Name), Is.EqualTo(new[] { "by/curl/order.edi", "by lftp/order.edi" }));
    }

#pragma warning disable SYSLIB0014 // It is obsolete and in use.
    /// <summary>It ends the connection and never TLS: finding 6 of the FTP study, so its uploads look like cut ones.</summary>
    [TestCase(true)]
    [TestCase(false)]
    public async Task FtpWebRequest_lists_and_downloads_and_uploads_only_where_a_missing_close_of_tls_is_allowed(bool requiresClose)
    {
        await using var server = await TestServer.StartAsync(options => options.RequireTlsClose = requiresClose);
        await server.AddFileAsync(MailboxFolder.Inbox, "in.edi", "0123456789"u8.ToArray());
        ServicePointManager.ServerCertificateValidationCallback = (_, shown, _, _) => shown?.GetCertHashString() == TestKeys.Rsa("ftp server").Certificate.GetCertHashString();
        Assert.That(await AskAsync(WebRequestMethods.Ftp.ListDirectory, "inbox"), Is.EqualTo("in.edi\r\n"));
        Assert.That(await AskAsync(WebRequestMethods.Ftp.DownloadFile, "inbox/in.edi"), Is.EqualTo("0123456789"));

        var upload = Request(WebRequestMethods.Ftp.UploadFile, "outbox/order.edi");
        await using (var body = await upload.GetRequestStreamAsync())
            await body.WriteAsync("UNB"u8.ToArray());
        if (requiresClose)
            Assert.That(((FtpWebResponse)Assert.ThrowsAsync<WebException>(upload.GetResponseAsync)!.Response!).StatusCode, Is.EqualTo(FtpStatusCode.ConnectionClosed));
        else
            (await upload.GetResponseAsync()).Dispose();
        Assert.That(server.Submitter.Submitted.Select(file => file.Name), Is.EqualTo(requiresClose ? Array.Empty<string>() : ["order.edi"]));

        FtpWebRequest Request(string method, string path)
        {
            var request = (FtpWebRequest)WebRequest.Create($"ftp://localhost:{server.Port}/{path}");
            (request.Method, request.EnableSsl, request.KeepAlive, request.Credentials) = (method, true, false, new NetworkCredential("acme", TestServer.Password));
            return request;
        }

        async Task<string> AskAsync(string method, string path)
        {
            using var response = await Request(method, path).GetResponseAsync();
            return await new StreamReader(response.GetResponseStream()).ReadToEndAsync();
        }
    }
#pragma warning restore SYSLIB0014

    [Test]
    public async Task curl_hears_the_refusal_itself_not_a_failed_data_connection()
    {
        var file = _folder.Write("order.edi", "UNB");
        for (var i = 0; i < 10; i++)
        {
            var refused = await Command.RunAsync("curl", ["-v", "--ssl-reqd", "--cacert", _ca, "-u", $"acme:{TestServer.Password}", "-T", file, $"ftp://localhost:{_server.Port}/inbox/"]);
            Assert.That(refused.ExitCode, Is.EqualTo(25), refused.Error);
            Assert.That(refused.Error, Does.Contain("< 550 Files are taken in /outbox only"));
        }
    }

    [Test]
    public async Task curl_without_tls_is_refused()
    {
        var plain = await Command.RunAsync("curl", ["-sS", "-u", "acme:secret 1", $"ftp://localhost:{_server.Port}/"]);
        Assert.That(plain.ExitCode, Is.EqualTo(67), plain.Error);
    }

    [Test]
    public async Task lftp_mirrors_both_ways_and_renames()
    {
        var content = RandomNumberGenerator.GetBytes(200_000);
        _folder.Write("a file.xml", content);
        await _server.AddFileAsync(MailboxFolder.Inbox, "Grüße \"heute\".edi", "GR"u8.ToArray());
        await _server.AddFileAsync(MailboxFolder.Receipts, "a.mdn", "MDN"u8.ToArray());
        await LftpAsync($"""
            put "{_folder["a file.xml"]}" -o "/outbox/a file.xml.tmp"
            mv "/outbox/a file.xml.tmp" "/outbox/a file.xml"
            mirror /inbox {_folder["in"]}
            get /receipts/a.mdn -o {_folder["a.mdn"]}
            rm /receipts/a.mdn
            cls -l /outbox
            """);
        Assert.That((await _server.SubmittedAsync("a file.xml")).AsSpan().SequenceEqual(content), Is.True);
        Assert.That(File.ReadAllText(_folder["in/Grüße \"heute\".edi"]), Is.EqualTo("GR"));
        Assert.That(File.ReadAllText(_folder["a.mdn"]), Is.EqualTo("MDN"));
        Assert.That(await _server.Store.ListAsync("acme", MailboxFolder.Receipts, default), Is.Empty);
    }

    [Test]
    public async Task python_ftplib_does_its_whole_work()
    {
        await _server.AddFileAsync(MailboxFolder.Inbox, "in.edi", "0123456789"u8.ToArray());
        var script = _folder.Write("work.py", """
            import ftplib, io, ssl, sys
            port, ca = int(sys.argv[1]), sys.argv[2]
            for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
                context = ssl.create_default_context(cafile=ca)
                context.minimum_version = context.maximum_version = version
                ftp = ftplib.FTP_TLS(context=context, encoding="utf-8", timeout=20)
                ftp.connect("localhost", port)
                ftp.login("acme", "secret 1")
                ftp.prot_p()
                name = "py %s.edi" % version.name
                for i in range(20):
                    ftp.storbinary("STOR outbox/%d %s" % (i, name), io.BytesIO(b"x" * (i * 1000)))
                assert ftp.size("outbox/3 " + name) == 3000
                back = []
                ftp.retrbinary("RETR inbox/in.edi", back.append, rest=4)
                assert b"".join(back) == b"456789", back
                assert dict(ftp.mlsd("inbox"))["in.edi"]["size"] == "10"
                assert ftp.nlst("receipts") == []
                lines = []
                ftp.dir("/", lines.append)
                assert len(lines) == 5, lines
                ftp.cwd("inbox"); assert ftp.pwd() == "/inbox"; ftp.cwd("..")
                assert ftp.voidcmd("MDTM inbox/in.edi").startswith("213 20")
                ftp.storlines("STOR outbox/lines %s.tmp" % name, io.BytesIO(b"a\r\nb\r\n"))
                ftp.rename("outbox/lines %s.tmp" % name, "outbox/lines " + name)
                ftp.quit()
            print("done")
            """);
        var run = await Command.RunAsync("python3", [script, $"{_server.Port}", _ca]);
        Assert.That(run.Succeeded().Text.Trim(), Is.EqualTo("done"), () => _server.Log.All);
        Assert.That(_server.Submitter.Submitted, Has.Count.EqualTo(42));
    }

    private async Task<CommandResult> CurlAsync(string[] arguments)
        => (await Command.RunAsync("curl", ["-sS", "--ssl-reqd", "--cacert", _ca, "-u", $"acme:{TestServer.Password}", .. arguments])) is { ExitCode: 0 } well ? well : throw new AssertionException("curl failed:\n" + _server.Log.All);

    private async Task LftpAsync(string commands)
    {
        var script = $"""
            set ftp:ssl-force true
            set ftp:ssl-protect-data true
            set ssl:ca-file {_ca}
            set ssl:check-hostname true
            set net:max-retries 1
            set net:timeout 20
            set cmd:fail-exit true
            set file:charset UTF-8
            open -u acme,"{TestServer.Password}" -p {_server.Port} localhost
            {commands}
            """;
        (await Command.RunAsync("lftp", ["-f", _folder.Write("script.lftp", script)])).Succeeded();
    }
}
