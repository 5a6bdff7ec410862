using System.Net;
using System.Net.Sockets;
using System.Text;
using As2.Routes;

namespace As2.Ftp.Tests.Server;

/// <summary>What a hostile or broken client may try (threats.md, embedded server side).</summary>
public sealed class HostileClientTests
{
    private TestServer _server = null!;

    [SetUp]
    public async Task Start() => _server = await TestServer.StartAsync(options =>
    {
        options.Limits.MaxFailedSignIns = 5;
        options.Limits.MaxSessionsPerAddress = 8;
        options.Limits.DataConnectionWindow = TimeSpan.FromSeconds(1);
    });

    [TearDown]
    public async Task Stop() => await _server.DisposeAsync();

    [TestCase("USER acme")]
    [TestCase("PASS secret 1")]
    [TestCase("PBSZ 0")]
    [TestCase("LIST")]
    [TestCase("STOR /outbox/x")]
    public async Task nothing_goes_before_tls(string command)
    {
        await using var raw = await RawFtp.ConnectAsync(_server);
        await raw.ExpectAsync(220);
        await raw.SendAsync(command, 530);
    }

    [Test]
    public async Task commands_sent_behind_AUTH_TLS_in_the_clear_end_the_session()
    {
        await using var raw = await RawFtp.ConnectAsync(_server);
        await raw.ExpectAsync(220);
        await raw.WriteAsync("AUTH TLS\r\nUSER acme\r\n"u8.ToArray());
        await raw.ExpectAsync(421);
        Assert.That(await raw.ReadReplyAsync(), Is.Empty);
    }

    [TestCase("PORT 127,0,0,1,200,10", 502)]
    [TestCase("EPRT |1|10.0.0.1|80|", 502)]
    [TestCase("APPE /outbox/x", 502)]
    [TestCase("STOU", 502)]
    [TestCase("SITE CHMOD 777 x", 502)]
    [TestCase("SITE SYMLINK /etc/passwd /inbox/x", 502)]
    [TestCase("SITE LINK /etc/passwd /inbox/x", 502)]
    [TestCase("CCC", 533)]
    [TestCase("PROT C", 534)]
    [TestCase("MKD /new", 550)]
    [TestCase("MKD /inbox/new", 550)]
    [TestCase("MKD /outbox", 550)]
    [TestCase("MKD /outbox/a/b", 550)]
    [TestCase("MKD /outbox/a\\b", 553)]
    [TestCase("MKD /../../tmp", 550)]
    [TestCase("RMD /inbox", 550)]
    [TestCase("RMD /outbox", 550)]
    [TestCase("RMD /outbox/none", 550)]
    [TestCase("SMNT /", 500)]
    [TestCase("CWD /../../etc", 550)]
    [TestCase("RETR ../../etc/passwd", 550)]
    [TestCase("STOR /inbox/x", 550)]
    [TestCase("STOR /outbox/a\\b", 553)]
    [TestCase("STOR /outbox/a\u0001b", 553)]
    [TestCase("STOR /outbox/a\u202Eb", 553)]
    [TestCase("STOR /outbox/deep/er", 550)]
    [TestCase("STOR /outbox/", 550)]
    [TestCase("STOR", 501)]
    [TestCase("RNTO /outbox/x", 503)]
    [TestCase("REST -1", 501)]
    [TestCase("REST 99999999999999999999", 501)]
    [TestCase("ALLO 99999999999999999", 552)]
    [TestCase("TYPE E", 504)]
    [TestCase("LIST", 425)]
    [TestCase("PASS again", 503)]
    [TestCase("USER other", 503)]
    [TestCase("AUTH TLS", 503)]
    public async Task a_command_is_refused_and_the_session_goes_on(string command, int code)
    {
        await using var raw = await RawFtp.SignInAsync(_server);
        await raw.SendAsync(command, code);
        await raw.SendAsync("NOOP", 200);
    }

    [Test]
    public async Task a_name_of_256_bytes_is_refused_and_one_of_255_is_taken()
    {
        await using var raw = await RawFtp.SignInAsync(_server);
        await raw.SendAsync($"STOR /outbox/{new string('x', 256)}", 553);
        await raw.SendAsync($"SIZE /outbox/{new string('x', 255)}", 550);
    }

    [Test]
    public async Task a_NUL_is_refused()
    {
        await using var raw = await RawFtp.SignInAsync(_server);
        await raw.WriteAsync("RETR /inbox/a\0b\r\n"u8.ToArray());
        await raw.ExpectAsync(501);
    }

    [Test]
    public async Task a_line_of_ten_kilobytes_ends_the_session()
    {
        await using var raw = await RawFtp.SignInAsync(_server);
        await raw.WriteAsync(Encoding.ASCII.GetBytes("STOR " + new string('a', 10_000)));
        await raw.ExpectAsync(421);
    }

    [Test]
    public async Task telnet_commands_are_taken_out_of_a_line()
    {
        await using var raw = await RawFtp.SignInAsync(_server);
        await raw.WriteAsync([0xFF, 0xF4, 0xFF, 0xF2, .. "NO"u8, 0xFF, 0xFB, 0x01, .. "OP\r\n"u8]);
        await raw.ExpectAsync(200);
    }

    [Test]
    public async Task ten_thousand_commands_before_the_sign_in_end_early()
    {
        await using var raw = await RawFtp.ConnectAsync(_server);
        await raw.ExpectAsync(220);
        await raw.WriteAsync(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("NOOP\r\n", 200))));
        for (var i = 0; i < 50; i++)
            await raw.ExpectAsync(200);
        await raw.ExpectAsync(421);
    }

    [Test]
    public async Task a_thousand_pipelined_commands_of_a_signed_in_session_are_all_answered()
    {
        await using var raw = await RawFtp.SignInAsync(_server);
        var writing = raw.WriteAsync(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("NOOP\r\n", 1000))));
        for (var i = 0; i < 1000; i++)
            await raw.ExpectAsync(200);
        await writing;
    }

    [Test]
    public async Task a_thousand_PASV_without_a_connection_leave_one_port_and_then_none()
    {
        await using var raw = await RawFtp.SignInAsync(_server);
        var ports = new List<int>();
        for (var i = 0; i < 1000; i++)
            ports.Add(await raw.OpenPassiveAsync());
        foreach (var port in ports.Distinct().Where(port => port != ports[^1]).Take(20))
            Assert.That(await RefusesAsync(port), Is.True);
        await raw.SendAsync("LIST", 425);
        Assert.That(await RefusesAsync(ports[^1]), Is.True);
        await raw.SendAsync("NOOP", 200);
    }

    [Test]
    public async Task a_data_connection_from_another_address_is_closed_and_the_right_one_still_served()
    {
        await using var raw = await RawFtp.SignInAsync(_server);
        var port = await raw.OpenPassiveAsync();
        using var stranger = new TcpClient(new IPEndPoint(IPAddress.Parse("127.0.0.2"), 0));
        await stranger.ConnectAsync(IPAddress.Loopback, port);
        using var own = new TcpClient();
        await own.ConnectAsync(IPAddress.Loopback, port);
        await raw.SendAsync("MLSD /", 150);
        await using var data = await RawFtp.SecureAsync(own.GetStream());
        Assert.That(await new StreamReader(data).ReadToEndAsync(), Does.Contain("outbox"));
        Assert.That(await stranger.GetStream().ReadAsync(new byte[1]), Is.Zero);
        await raw.ExpectAsync(226);
        Assert.That(_server.Log.With(5030).Single(), Does.Contain("127.0.0.2"));
    }

    [Test]
    public async Task three_wrong_passwords_close_the_session_and_five_lock_out_the_right_one()
    {
        for (var session = 0; session < 2; session++)
        {
            await using var raw = await RawFtp.ConnectAsync(_server);
            await raw.ExpectAsync(220);
            await raw.AuthAsync();
            for (var attempt = 1; attempt <= 3; attempt++)
            {
                await raw.SendAsync("USER acme", 331);
                await raw.SendAsync("PASS wrong", attempt < 3 ? 530 : 421);
            }
        }
        var refused = Assert.ThrowsAsync<FtpException>(() => _server.ConnectAsync());
        Assert.That(refused!.Code, Is.EqualTo(530));
        Assert.That(_server.Log.With(5012), Is.Not.Empty);
        await using var another = await _server.ConnectAsync("other");
    }

    [Test]
    public async Task an_unknown_user_and_a_wrong_password_get_the_same_words()
    {
        await using var raw = await RawFtp.ConnectAsync(_server);
        await raw.ExpectAsync(220);
        await raw.AuthAsync();
        var replies = new List<string>();
        foreach (var user in new[] { "acme", "nobody" })
        {
            replies.Add(await raw.SendAsync($"USER {user}", 331));
            replies.Add(await raw.SendAsync("PASS wrong", 530));
        }
        Assert.That((replies[0], replies[1]), Is.EqualTo((replies[2], replies[3])));
    }

    [Test]
    public async Task a_user_name_with_control_characters_does_not_break_the_log()
    {
        await using var raw = await RawFtp.ConnectAsync(_server);
        await raw.ExpectAsync(220);
        await raw.AuthAsync();
        await raw.SendAsync("USER evil\u001b[2J\rname", 331);
        await raw.SendAsync("PASS wrong", 530);
        Assert.That(_server.Log.With(5011).Single(), Does.Contain("evil?[2J?name"));
    }

    [Test]
    public async Task the_password_is_in_no_log_line()
    {
        await using (await _server.ConnectAsync())
        {
        }
        Assert.That(_server.Log.All, Does.Not.Contain(TestServer.Password));
    }

    [Test]
    public async Task more_sessions_than_allowed_from_one_address_are_turned_away()
    {
        var sessions = new List<RawFtp>();
        for (var i = 0; i < 8; i++)
        {
            sessions.Add(await RawFtp.ConnectAsync(_server));
            await sessions[^1].ExpectAsync(220);
        }
        await using var ninth = await RawFtp.ConnectAsync(_server);
        await ninth.ExpectAsync(421);
        foreach (var session in sessions)
            await session.DisposeAsync();
    }

    [Test]
    public async Task more_connections_in_a_minute_than_allowed_are_turned_away()
    {
        const int Max = 20;
        await using var server = await TestServer.StartAsync(options => options.Limits.MaxConnectionsPerMinute = Max);
        var refused = 0;
        // Twice as many and one: a new minute may begin once among them.
        for (var i = 0; i <= 2 * Max; i++)
        {
            await using var raw = await RawFtp.ConnectAsync(server);
            refused += (await raw.ReadReplyAsync()).StartsWith("421 Too many connections", StringComparison.Ordinal) ? 1 : 0;
        }
        Assert.That(refused, Is.InRange(1, Max + 1));
        Assert.That(server.Log.With(5002), Is.Not.Empty);
    }

    [Test]
    public async Task one_account_sees_nothing_of_another()
    {
        await _server.AddFileAsync(MailboxFolder.Inbox, "secret.edi", [1], "other");
        await using var raw = await RawFtp.SignInAsync(_server);
        await raw.SendAsync("SIZE /inbox/secret.edi", 550);
        await raw.SendAsync("DELE /inbox/secret.edi", 550);
        Assert.That(await _server.Store.FindAsync("other", MailboxFolder.Inbox, "secret.edi", default), Is.Not.Null);
    }

    private static async Task<bool> RefusesAsync(int port)
    {
        using var tcp = new TcpClient();
        try
        {
            await tcp.ConnectAsync(IPAddress.Loopback, port);
            return false;
        }
        catch (SocketException)
        {
            return true;
        }
    }
}
