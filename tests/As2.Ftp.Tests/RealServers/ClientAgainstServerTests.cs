using System.Security.Authentication;
using System.Security.Cryptography;

namespace As2.Ftp.Tests.RealServers;

/// <summary>What our client promises, against the daemons that partners run.</summary>
[TestFixture("vsftpd")]
[TestFixture("vsftpd-lax")]
[TestFixture("proftpd")]
[TestFixture("proftpd-tls12")]
[TestFixture("pure-ftpd")]
public sealed class ClientAgainstServerTests(string server)
{
    private FtpClient _client = null!;

    [SetUp]
    public async Task Connect() => _client = await FtpClient.ConnectAsync(ServerBed.OptionsFor(server));

    [TearDown]
    public async Task Disconnect()
    {
        if (_client is not null)
            await _client.DisposeAsync();
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(100_000)]
    [TestCase(20 << 20)]
    public async Task what_is_uploaded_comes_back(int length)
    {
        var content = RandomNumberGenerator.GetBytes(length);
        await _client.UploadAsync($"/binary-{length}", new MemoryStream(content), default);
        Assert.That(await _client.GetSizeAsync($"/binary-{length}", default), Is.EqualTo(length));

        var back = new MemoryStream();
        await _client.DownloadAsync($"/binary-{length}", back, default);
        Assert.That(back.ToArray(), Is.EqualTo(content));
    }

    [Test]
    public async Task fifty_uploads_in_a_row_all_arrive()
    {
        for (var i = 0; i < 50; i++)
            await _client.UploadAsync($"/row-{i}", new MemoryStream(new byte[30_000]), default);
        var listed = await _client.ListAsync("/", default);
        Assert.That(listed.Count(file => file.Name.StartsWith("row-", StringComparison.Ordinal) && file.Length == 30_000), Is.EqualTo(50));
    }

    [TestCase("with blanks.edi")]
    [TestCase(" leading and  double")]
    [TestCase("quote\"s 'and' [brackets]")]
    [TestCase("Grüße-日本語-🚚.xml")]
    public async Task a_name_is_kept(string name)
    {
        await _client.UploadAsync("/" + name, new MemoryStream("x"u8.ToArray()), default);
        var listed = await _client.ListAsync("/", default);
        Assert.That(listed.Select(file => file.Name), Does.Contain(name));
        await _client.RenameAsync("/" + name, "/" + name + ".done", default);
        await _client.DeleteAsync("/" + name + ".done", default);
        Assert.That(await _client.GetSizeAsync("/" + name, default), Is.Null);
    }

    [Test]
    public async Task a_download_resumes_from_an_offset()
    {
        await _client.UploadAsync("/resume", new MemoryStream("0123456789"u8.ToArray()), default);
        var back = new MemoryStream();
        await _client.DownloadAsync("/resume", 6, back, default);
        Assert.That(back.ToArray(), Is.EqualTo("6789"u8.ToArray()));
    }

    [Test]
    public async Task a_missing_file_is_refused_and_the_session_goes_on()
    {
        var refused = Assert.ThrowsAsync<FtpException>(async () => await _client.DownloadAsync("/none", new MemoryStream(), default));
        Assert.That(refused!.Failure, Is.EqualTo(FtpFailure.Refused));
        Assert.That(Assert.ThrowsAsync<FtpException>(async () => await _client.RenameAsync("/none", "/other", default))!.Code, Is.EqualTo(550));
        Assert.That(await _client.ListAsync("/", default), Is.Not.Null);
    }

    [Test]
    public async Task a_thousand_files_are_listed_with_their_sizes()
    {
        var folder = Directory.CreateDirectory(Path.Combine(ServerBed.HomeOf(server), "many"));
        for (var i = 0; i < 1000; i++)
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, $"file {i}.edi"), new string('x', i));
        var listed = await _client.ListAsync("/many", default);
        Assert.That(listed, Has.Count.EqualTo(1000));
        Assert.That(listed.Single(file => file.Name == "file 777.edi").Length, Is.EqualTo(777));
    }

    [Test]
    public void a_wrong_password_needs_a_person()
    {
        var options = ServerBed.OptionsFor(server);
        var wrong = new FtpClientOptions
        {
            Host = options.Host, Port = options.Port, User = options.User, Password = "wrong", Trust = options.Trust, CommandTimeout = options.CommandTimeout,
        };
        var refused = Assert.ThrowsAsync<FtpException>(() => FtpClient.ConnectAsync(wrong));
        Assert.That(refused!.Failure, Is.EqualTo(FtpFailure.SignIn), refused.Message);
    }

    [Test]
    public void a_certificate_of_a_stranger_is_not_trusted()
    {
        var options = ServerBed.OptionsFor(server);
        var strict = new FtpClientOptions { Host = options.Host, Port = options.Port, User = options.User, Password = options.Password };
        var refused = Assert.ThrowsAsync<FtpException>(() => FtpClient.ConnectAsync(strict));
        Assert.That(refused!.Failure, Is.EqualTo(FtpFailure.Trust));
        Assert.That(refused.InnerException, Is.InstanceOf<AuthenticationException>());
    }
}
