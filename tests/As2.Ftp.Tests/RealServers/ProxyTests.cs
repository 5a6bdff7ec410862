using As2.Ftp.Sftp;

namespace As2.Ftp.Tests.RealServers;

/// <summary>Every connection of an account through a real proxy (tinyproxy, microsocks), and SFTP with a key.</summary>
public sealed class ProxyTests
{
    [Test]
    public async Task ftps_goes_through_a_proxy_with_its_data_connections([Values] FtpProxyKind kind)
    {
        await using var client = await FtpClient.ConnectAsync(ServerBed.OptionsFor("vsftpd", proxy: ServerBed.Proxy(kind)));
        await RoundTripAsync(client, $"/through-{kind}");
    }

    [Test]
    public async Task sftp_goes_through_a_proxy([Values] FtpProxyKind kind)
    {
        await using var client = await SftpMailbox.ConnectAsync(ServerBed.SftpOptionsFor("openssh", proxy: ServerBed.Proxy(kind)));
        await RoundTripAsync(client, $"{ServerBed.RootOf("openssh")}/through-{kind}");
    }

    [Test]
    public void a_proxy_that_refuses_is_a_connection_failure_without_a_secret_in_its_words([Values] FtpProxyKind kind)
    {
        var options = ServerBed.OptionsFor("vsftpd", proxy: ServerBed.Proxy(kind) with { Password = "not-the-password" });
        var refused = Assert.ThrowsAsync<FtpException>(() => FtpClient.ConnectAsync(options));
        Assert.That(refused!.Failure, Is.EqualTo(FtpFailure.Connection));
        Assert.That(refused.Message, Does.Not.Contain("not-the-password"));
    }

    [TestCase("http://u:p%40ss@proxy.example:3128", FtpProxyKind.HttpConnect, "u", "p@ss", 3128)]
    [TestCase("socks5://10.0.0.1:1080", FtpProxyKind.Socks5, null, null, 1080)]
    public void an_address_is_read(string address, FtpProxyKind kind, string? user, string? password, int port)
        => Assert.That(FtpProxy.Parse(address), Is.EqualTo(new FtpProxy(kind, new Uri(address).Host, port, user, password)));

    [TestCase("proxy:3128")]
    [TestCase("https://proxy:3128")]
    [TestCase("socks5://proxy")]
    public void another_address_is_a_fault_of_the_host(string address)
        => Assert.That(Assert.Throws<As2Exception>(() => FtpProxy.Parse(address))!.Id, Is.EqualTo("AS2-FTP-003"));

    [Test]
    public async Task a_key_signs_in_to_sftp()
    {
        await using var client = await SftpMailbox.ConnectAsync(ServerBed.SftpOptionsFor("openssh", withKey: true));
        await RoundTripAsync(client, $"{ServerBed.RootOf("openssh")}/with-key");
    }

    [Test]
    public void an_account_without_a_host_key_or_a_secret_is_a_fault_of_the_host()
    {
        var whole = ServerBed.SftpOptionsFor("openssh");
        foreach (var options in new[]
        {
            new SftpOptions { Host = whole.Host, User = whole.User, Password = "x", HostKeys = [] },
            new SftpOptions { Host = whole.Host, User = whole.User, HostKeys = whole.HostKeys },
            new SftpOptions { Host = whole.Host, User = whole.User, PrivateKey = "no key", HostKeys = whole.HostKeys },
        })
            Assert.That(Assert.ThrowsAsync<As2Exception>(() => SftpMailbox.ConnectAsync(options))!.Id, Is.EqualTo("AS2-FTP-002"));
    }

    private static async Task RoundTripAsync(IMailboxClient client, string path)
    {
        var content = new byte[300_000];
        Random.Shared.NextBytes(content);
        await client.UploadAsync(path, new MemoryStream(content), default);
        var back = new MemoryStream();
        await client.DownloadAsync(path, back, default);
        Assert.That(back.ToArray().AsSpan().SequenceEqual(content), Is.True);
    }
}
