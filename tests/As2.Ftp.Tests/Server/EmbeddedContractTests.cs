using System.Security.Authentication;
using System.Security.Cryptography;
using As2.Ftp.Tests.RealServers;
using As2.Routes;
using As2.Storage;
using As2.Testing;

namespace As2.Ftp.Tests.Server;

/// <summary>The contract of the real daemons (<see cref="ClientAgainstServerTests"/>) from the other side: our server under the clients that partners use.</summary>
[TestFixture("curl", SslProtocols.Tls12)]
[TestFixture("curl", SslProtocols.Tls13)]
[TestFixture("lftp", SslProtocols.Tls12)]
[TestFixture("lftp", SslProtocols.Tls13)]
[TestFixture("ftplib", SslProtocols.Tls12)]
[TestFixture("ftplib", SslProtocols.Tls13)]
[TestFixture("own", SslProtocols.Tls12)]
[TestFixture("own", SslProtocols.Tls13)]
public sealed class EmbeddedContractTests(string name, SslProtocols tls)
{
    private TempFolder _folder = null!;
    private TestServer _server = null!;
    private IForeignClient _client = null!;

    [SetUp]
    public async Task Start()
    {
        _folder = new TempFolder();
        _server = await TestServer.StartAsync(options => (options.Limits.MaxSessionsPerAddress, options.Limits.MaxSessionsPerAccount) = (500, 500));
        _client = Client(_server.Port);
    }

    [TearDown]
    public async Task Stop()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [TestCase(0)]
    [TestCase(700_000)]
    public async Task what_is_uploaded_is_a_message_and_comes_back(int length)
    {
        var content = RandomNumberGenerator.GetBytes(length);
        Assert.That(await _client.PutAsync(_folder.Write("file", content), "/outbox/order 1.edi"), Is.True);
        Assert.That((await _server.SubmittedAsync("order 1.edi")).AsSpan().SequenceEqual(content), Is.True);
        Assert.That(await _client.GetAsync("/outbox/order 1.edi", _folder["back"]), Is.True);
        Assert.That((await File.ReadAllBytesAsync(_folder["back"])).AsSpan().SequenceEqual(content), Is.True);
    }

    [Test]
    public async Task a_thousand_names_with_blanks_quotes_and_unicode_are_listed()
    {
        string[] forms = ["file {0}.edi", " leading  double {0}.edi", "quote\"s 'and' [brackets] {0}", "Grüße-日本語-🚚-{0}.xml", "a=b;size=7; {0}", "-rw-r--r-- {0} 100%"];
        var names = Enumerable.Range(0, 1000).Select(i => string.Format(null, forms[i % forms.Length], i)).ToList();
        foreach (var each in names)
            await _server.AddFileAsync(MailboxFolder.Inbox, each, [1]);
        Assert.That((await _client.ListAsync("/inbox")).Order(StringComparer.Ordinal), Is.EqualTo(names.Order(StringComparer.Ordinal)));
        Assert.That(await _client.GetAsync("/inbox/" + names[3], _folder["back"]), Is.True);
    }

    [Test]
    public async Task a_rename_to_a_taken_name_is_refused_and_loses_neither()
    {
        await _server.AddFileAsync(MailboxFolder.Inbox, "from", [1]);
        await _server.AddFileAsync(MailboxFolder.Inbox, "taken", [2, 2]);
        Assert.That(await _client.RenameAsync("/inbox/from", "/inbox/taken"), Is.False);
        Assert.That(await _client.RenameAsync("/inbox/from", "/inbox/free"), Is.True);
        Assert.That((await _server.Store.ListAsync("acme", MailboxFolder.Inbox, default)).Select(file => (file.Name, file.Content.Length)),
            Is.EquivalentTo(new[] { ("free", 1L), ("taken", 2L) }));
    }

    [Test]
    public async Task a_download_resumes_where_it_broke_off()
    {
        var content = RandomNumberGenerator.GetBytes(300_000);
        await _server.AddFileAsync(MailboxFolder.Inbox, "order.edi", content);
        _folder.Write("back", content.AsSpan(0, 123_456));
        Assert.That(await _client.GetAsync("/inbox/order.edi", _folder["back"], resume: true), Is.True);
        Assert.That((await File.ReadAllBytesAsync(_folder["back"])).AsSpan().SequenceEqual(content), Is.True);
    }

    [Test]
    public async Task a_full_disk_is_told_and_nothing_is_a_message()
    {
        _server.Disk.RoomLeft = 300_000;
        Assert.That(await _client.PutAsync(_folder.Write("file", new byte[700_000]), "/outbox/order.edi"), Is.False);
        Assert.That(_server.Submitter.Submitted, Is.Empty);
        Assert.That(await _server.Store.ListAsync("acme", MailboxFolder.Outbox, default), Is.Empty);
        _server.Disk.RoomLeft = long.MaxValue;
        Assert.That(await _client.PutAsync(_folder.Write("file", new byte[700_000]), "/outbox/order.edi"), Is.True);
    }

    [Test]
    public async Task an_upload_where_none_is_allowed_is_refused()
    {
        foreach (var path in (string[])["/inbox/order.edi", "/order.edi", "/outbox/deep/order.edi"])
            Assert.That(await _client.PutAsync(_folder.Write("file", [1]), path), Is.False, path);
        Assert.That(_server.Submitter.Submitted, Is.Empty);
    }

    [Test]
    public async Task a_connection_that_is_cut_at_any_command_makes_no_half_message_and_no_false_success()
    {
        var content = RandomNumberGenerator.GetBytes(60_000);
        var file = _folder.Write("file", content);
        var where = tls == SslProtocols.Tls12 ? CutAt.Command : CutAt.Answer;
        bool wasCut;
        var at = 0;
        do
        {
            await using var relay = new CuttingRelay(_server.Port, at, where);
            var isWell = await Client(relay.Port).PutAsync(file, $"/outbox/{at}.edi");
            var sent = _server.Submitter.Submitted.Where(each => each.Name == $"{at}.edi").ToList();
            Assert.That(sent, Has.Count.LessThanOrEqualTo(1).And.Count.GreaterThanOrEqualTo(isWell ? 1 : 0), $"cut {at}");
            if (sent.Count == 1)
                Assert.That((await _server.SubmittedAsync($"{at}.edi")).AsSpan().SequenceEqual(content), Is.True, $"cut {at}");
            wasCut = relay.HasCut;
            at++;
        }
        while (wasCut);
        TestContext.Out.WriteLine($"{name} {tls}: cut at {at - 1} places, {_server.Submitter.Submitted.Count} messages");
        Assert.That(at, Is.GreaterThan(8));
    }

    private IForeignClient Client(int port)
    {
        var authority = _folder["server.crt.pem"];
        if (!File.Exists(authority))
            TestKeys.WritePem(TestKeys.Rsa("ftp server"), _folder, "server");
        var reach = new Reach(port, authority, tls == SslProtocols.Tls13, _folder);
        return name switch
        {
            "curl" => new CurlClient(reach),
            "lftp" => new LftpClient(reach),
            "ftplib" => new FtplibClient(reach),
            _ => new OwnClient(reach, _server.Options(tls: tls)),
        };
    }
}
