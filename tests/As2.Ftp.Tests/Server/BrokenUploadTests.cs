using System.Net.Security;
using System.Net.Sockets;
using As2.Routes;

namespace As2.Ftp.Tests.Server;

/// <summary>A broken upload never becomes a message.</summary>
public sealed class BrokenUploadTests
{
    private static readonly byte[] s_part = new byte[200_000];

    private TestServer _server = null!;
    private RawFtp _raw = null!;

    [SetUp]
    public async Task Start()
    {
        _server = await TestServer.StartAsync(options =>
        {
            options.Limits.MaxUploadBytes = 1_000_000;
            options.Limits.BlockTimeout = TimeSpan.FromSeconds(2);
        });
        _raw = await RawFtp.SignInAsync(_server);
    }

    [TearDown]
    public async Task Stop()
    {
        await _raw.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Test]
    public async Task a_whole_one_does()
    {
        var (_, data) = await BeginAsync();
        await data.WriteAsync(s_part);
        await data.ShutdownAsync();
        await _raw.ExpectAsync(226);
        Assert.That(await _server.SubmittedAsync("order.edi"), Has.Length.EqualTo(s_part.Length));
    }

    [Test]
    public async Task a_connection_closed_without_the_close_of_tls_is_discarded()
    {
        var (tcp, data) = await BeginAsync();
        await data.WriteAsync(s_part);
        tcp.Client.Shutdown(SocketShutdown.Send);
        await _raw.ExpectAsync(426);
        await AssertNothingAsync();
    }

    [Test]
    public async Task a_reset_connection_is_discarded()
    {
        var (tcp, data) = await BeginAsync();
        await data.WriteAsync(s_part);
        tcp.Client.LingerState = new LingerOption(true, 0);
        tcp.Client.Dispose();
        await _raw.ExpectAsync(426);
        await AssertNothingAsync();
    }

    [Test]
    public async Task an_aborted_one_is_discarded_and_the_session_goes_on()
    {
        var (_, data) = await BeginAsync();
        await data.WriteAsync(s_part);
        await _raw.SendAsync("ABOR", 426);
        await _raw.ExpectAsync(226);
        await AssertNothingAsync();
    }

    [Test]
    public async Task one_that_stands_still_is_discarded()
    {
        var (_, data) = await BeginAsync();
        await data.WriteAsync(s_part);
        await _raw.ExpectAsync(426);
        await AssertNothingAsync();
    }

    [Test]
    public async Task one_shorter_than_ALLO_said_is_discarded()
    {
        await _raw.SendAsync("ALLO 200001", 200);
        var (_, data) = await BeginAsync();
        await data.WriteAsync(s_part);
        await data.ShutdownAsync();
        await _raw.ExpectAsync(426);
        await AssertNothingAsync();
    }

    [Test]
    public async Task one_beyond_the_limit_is_discarded()
    {
        var (_, data) = await BeginAsync();
        var writing = WriteTooMuchAsync(data);
        await _raw.ExpectAsync(552);
        await writing;
        await AssertNothingAsync();
    }

    [Test]
    public async Task one_that_its_partnership_refuses_is_no_message_and_says_why()
    {
        var (_, data) = await BeginAsync("refused.edi");
        await data.WriteAsync(s_part);
        await data.ShutdownAsync();
        Assert.That(await _raw.ExpectAsync(550), Does.Contain("no partnership"));
        await AssertNothingAsync();
    }

    [Test]
    public async Task one_whose_session_ends_is_discarded()
    {
        var (_, data) = await BeginAsync();
        await data.WriteAsync(s_part);
        await _raw.DisposeAsync();
        await UntilAsync(() => _server.Log.With(5001).Any());
        Assert.That(_server.Log.With(5021), Is.Not.Empty);
        Assert.That(_server.Submitter.Submitted, Is.Empty);
    }

    [Test]
    public async Task an_upload_cannot_be_resumed()
    {
        await _raw.SendAsync("REST 100", 350);
        using var data = await _raw.OpenDataAsync();
        await _raw.SendAsync("STOR /outbox/order.edi", 554);
        await AssertNothingAsync();
    }

    private async Task<(TcpClient Tcp, SslStream Data)> BeginAsync(string name = "order.edi")
    {
        var tcp = await _raw.OpenDataAsync();
        await _raw.SendAsync($"STOR /outbox/{name}", 150);
        return (tcp, await RawFtp.SecureAsync(tcp.GetStream()));
    }

    private async Task AssertNothingAsync()
    {
        await _raw.SendAsync("NOOP", 200);
        Assert.That(_server.Submitter.Submitted, Is.Empty);
        Assert.That(await _server.Store.ListAsync("acme", MailboxFolder.Outbox, default), Is.Empty);
    }

    private static async Task WriteTooMuchAsync(SslStream data)
    {
        try
        {
            for (var i = 0; i < 100; i++)
                await data.WriteAsync(s_part);
        }
        catch (IOException)
        {
            // The server closed, as it should.
        }
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!condition())
            await Task.Delay(10, limit.Token);
    }
}
