using System.Security.Authentication;
using System.Security.Cryptography;
using As2.Routes;

namespace As2.Ftp.Tests.Server;

/// <summary>Our client against our server.</summary>
[TestFixture(SslProtocols.Tls12, FtpSecurity.ExplicitTls)]
[TestFixture(SslProtocols.Tls13, FtpSecurity.ExplicitTls)]
[TestFixture(SslProtocols.Tls12, FtpSecurity.ImplicitTls)]
[TestFixture(SslProtocols.Tls13, FtpSecurity.ImplicitTls)]
public sealed class OwnClientTests(SslProtocols tls, FtpSecurity security)
{
    private TestServer _server = null!;
    private FtpClient _client = null!;

    [SetUp]
    public async Task Start()
    {
        _server = await TestServer.StartAsync();
        _client = await FtpClient.ConnectAsync(_server.Options("acme", tls, security));
    }

    [TearDown]
    public async Task Stop()
    {
        await _client.DisposeAsync();
        await _server.DisposeAsync();
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(100_000)]
    [TestCase(5 << 20)]
    public async Task an_upload_is_a_message_when_it_returns_and_comes_back_as_it_was(int length)
    {
        var content = RandomNumberGenerator.GetBytes(length);
        await _client.UploadAsync("/outbox/order.edi", new MemoryStream(content), default);
        Assert.That((await _server.SubmittedAsync("order.edi")).AsSpan().SequenceEqual(content), Is.True);

        var back = new MemoryStream();
        await _client.DownloadAsync("/outbox/order.edi", back, default);
        Assert.That(back.ToArray().AsSpan().SequenceEqual(content), Is.True);
    }

    [Test]
    public async Task sixty_uploads_in_a_row_are_sixty_messages()
    {
        for (var i = 0; i < 60; i++)
            await _client.UploadAsync($"/outbox/row-{i}", new MemoryStream(new byte[20_000 + i]), default);
        Assert.That(_server.Submitter.Submitted.Select(file => file.Content.Length), Is.EqualTo(Enumerable.Range(20_000, 60)));
    }

    [Test]
    public async Task a_download_resumes_from_an_offset()
    {
        await _server.AddFileAsync(MailboxFolder.Inbox, "payload.edi", "0123456789"u8.ToArray());
        var back = new MemoryStream();
        await _client.DownloadAsync("/inbox/payload.edi", 7, back, default);
        Assert.That(back.ToArray(), Is.EqualTo("789"u8.ToArray()));
    }
}
