using System.Security.Cryptography;
using As2.Ftp.Sftp;

namespace As2.Ftp.Tests.RealServers;

/// <summary>What our clients promise, against the daemons that partners run: one contract for all of them.</summary>
[TestFixture("vsftpd")]
[TestFixture("vsftpd-any-end")]
[TestFixture("vsftpd-any-session")]
[TestFixture("vsftpd-lax")]
[TestFixture("proftpd")]
[TestFixture("proftpd-tls12")]
[TestFixture("pure-ftpd")]
[TestFixture("pyftpdlib")]
[TestFixture("openssh")]
[TestFixture("proftpd-sftp")]
public sealed class ClientAgainstServerTests(string server)
{
    private IMailboxClient _client = null!;

    private string Root => ServerBed.RootOf(server);

    [SetUp]
    public async Task Connect() => _client = await ServerBed.ConnectAsync(server);

    [TearDown]
    public async Task Disconnect()
    {
        if (_client is not null)
            await _client.DisposeAsync();
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(100_000)]
    [TestCase(5 << 20)]
    public async Task what_is_uploaded_comes_back(int length)
    {
        var content = RandomNumberGenerator.GetBytes(length);
        await _client.UploadAsync($"{Root}/binary-{length}", new MemoryStream(content), default);
        Assert.That(await _client.GetSizeAsync($"{Root}/binary-{length}", default), Is.EqualTo(length));

        var back = new MemoryStream();
        await _client.DownloadAsync($"{Root}/binary-{length}", back, default);
        Assert.That(back.ToArray().AsSpan().SequenceEqual(content), Is.True);
    }

    /// <summary>300 with AS2_FULL=1, as eng/ftp-proof.sh sets it; half of them in one session, each of the others in its own.</summary>
    [Test]
    public async Task uploads_in_one_session_and_in_sessions_of_their_own_all_arrive_under_tls_1_3_where_the_server_has_it()
    {
        var count = Environment.GetEnvironmentVariable("AS2_FULL") == "1" ? 300 : 60;
        for (var i = 0; i < count; i++)
        {
            await using var own = i % 2 == 0 ? null : await ServerBed.ConnectAsync(server, newestTls: true);
            await (own ?? _client).UploadAsync($"{Root}/row-{i}", new MemoryStream(new byte[30_000]), default);
        }
        var arrived = (await _client.ListAsync(Root + "/", default)).Count(file => file.Name.StartsWith("row-", StringComparison.Ordinal) && file.Length == 30_000);
        TestContext.Out.WriteLine($"{server}: {arrived} of {count} uploads");
        Assert.That(arrived, Is.EqualTo(count));
    }

    [TestCase("with blanks.edi")]
    [TestCase(" leading and  double")]
    [TestCase("quote\"s 'and' [brackets]")]
    [TestCase("Grüße-日本語-🚚.xml")]
    public async Task a_name_is_kept(string name)
    {
        await _client.UploadAsync(Root + "/" + name, new MemoryStream("x"u8.ToArray()), default);
        var listed = await _client.ListAsync(Root + "/", default);
        Assert.That(listed.Select(file => file.Name), Does.Contain(name));
        await _client.RenameAsync(Root + "/" + name, Root + "/" + name + ".done", default);
        await _client.DeleteAsync(Root + "/" + name + ".done", default);
        Assert.That(await _client.GetSizeAsync(Root + "/" + name, default), Is.Null);
    }

    [Test]
    public async Task a_download_resumes_from_an_offset()
    {
        await _client.UploadAsync(Root + "/resume", new MemoryStream("0123456789"u8.ToArray()), default);
        var back = new MemoryStream();
        await (_client is FtpClient ftp ? ftp.DownloadAsync("/resume", 6, back, default) : ((SftpMailbox)_client).DownloadAsync(Root + "/resume", 6, back, default));
        Assert.That(back.ToArray(), Is.EqualTo("6789"u8.ToArray()));
    }

    [Test]
    public async Task a_missing_file_is_refused_and_the_session_goes_on()
    {
        var refused = Assert.ThrowsAsync<FtpException>(async () => await _client.DownloadAsync(Root + "/none", new MemoryStream(), default));
        Assert.That(refused!.Failure, Is.EqualTo(FtpFailure.Refused), refused.ToString());
        Assert.That(Assert.ThrowsAsync<FtpException>(async () => await _client.RenameAsync(Root + "/none", Root + "/other", default))!.Code, Is.EqualTo(550));
        Assert.That(await _client.ListAsync(Root + "/", default), Is.Not.Null);
    }

    [Test]
    public async Task a_rename_to_a_taken_name_loses_neither_file_unnoticed()
    {
        await _client.UploadAsync(Root + "/from", new MemoryStream("new"u8.ToArray()), default);
        await _client.UploadAsync(Root + "/taken", new MemoryStream("older"u8.ToArray()), default);
        FtpException? refused = null;
        try
        {
            await _client.RenameAsync(Root + "/from", Root + "/taken", default);
        }
        catch (FtpException e)
        {
            refused = e;
        }
        // FTP servers replace without a word, SFTP refuses: the destination asks before it renames.
        Assert.That(refused is null, Is.EqualTo(!ServerBed.IsSftp(server)), refused?.Message);
        Assert.That(refused?.Failure, Is.Null.Or.EqualTo(FtpFailure.Refused));
        Assert.That(await _client.GetSizeAsync(Root + "/taken", default), Is.EqualTo(refused is null ? 3 : 5));
        Assert.That(await _client.GetSizeAsync(Root + "/from", default), Is.EqualTo(refused is null ? null : 3));
    }

    [Test]
    public async Task a_folder_without_permission_is_refused_and_the_session_goes_on()
    {
        var refused = Assert.ThrowsAsync<FtpException>(async () => await _client.UploadAsync(Root + "/locked/file", new MemoryStream(new byte[10]), default));
        Assert.That(refused!.Failure, Is.EqualTo(FtpFailure.Refused), refused.ToString());
        await _client.UploadAsync(Root + "/after-refusal", new MemoryStream(new byte[10]), default);
        refused = Assert.ThrowsAsync<FtpException>(async () => await _client.RenameAsync(Root + "/after-refusal", Root + "/locked/file", default));
        Assert.That(refused!.Failure, Is.EqualTo(FtpFailure.Refused).Or.EqualTo(FtpFailure.Busy), refused.ToString());
    }

    [Test]
    public async Task a_full_disk_is_never_taken_for_a_whole_file()
    {
        if (!Directory.Exists(Path.Combine(ServerBed.HomeOf(server), "full")))
            Assert.Ignore("This machine does not let us mount a small disk.");
        FtpException? failure = null;
        try
        {
            await using var client = await ServerBed.ConnectAsync(server, patience: TimeSpan.FromSeconds(5));
            await client.UploadAsync(Root + "/full/big", new MemoryStream(new byte[3 << 20]), default);
        }
        catch (FtpException e)
        {
            failure = e;
        }
        await using var again = await ServerBed.ConnectAsync(server);
        var size = await again.GetSizeAsync(Root + "/full/big", default);
        TestContext.Out.WriteLine($"{server}: {failure?.Message ?? "said nothing"}; {size} bytes are there");
        Assert.That(failure is not null || size != 3 << 20);
        Assert.That(size, Is.Null.Or.LessThan(3 << 20), "the destination compares this length before it renames");
        if (size is not null)
            await again.DeleteAsync(Root + "/full/big", default);
    }

    [Test]
    public async Task a_thousand_names_with_blanks_quotes_and_unicode_are_listed_with_their_sizes()
    {
        string[] forms = ["file {0}.edi", " leading  double {0}.edi", "quote\"s 'and' [brackets] {0}", "Grüße-日本語-🚚-{0}.xml", "a=b;size=7; {0}", "-rw-r--r-- {0} 100%", "1 -> {0}"];
        var folder = Directory.CreateDirectory(Path.Combine(ServerBed.HomeOf(server), "many"));
        for (var i = 0; i < 1000; i++)
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, string.Format(null, forms[i % forms.Length], i)), new string('x', i));
        var listed = await _client.ListAsync(Root + "/many", default);
        Assert.That(listed.Select(file => (file.Name, file.Length)).Order(),
            Is.EqualTo(Enumerable.Range(0, 1000).Select(i => (string.Format(null, forms[i % forms.Length], i), (long?)i)).Order()));
    }

    [Test]
    public async Task connections_to_one_host_at_the_same_time_do_not_take_one_anothers_tls_session()
    {
        var clients = new List<IMailboxClient>();
        for (var i = 0; i < 5; i++)
            clients.Add(await ServerBed.ConnectAsync(server));
        foreach (var (client, number) in clients.Concat(clients.AsEnumerable().Reverse()).Select((client, number) => (client, number)))
            await client.UploadAsync($"{Root}/at-once-{number}", new MemoryStream(new byte[1000]), default);
        foreach (var client in clients)
            await client.DisposeAsync();
        Assert.That((await _client.ListAsync(Root + "/", default)).Count(file => file.Name.StartsWith("at-once-", StringComparison.Ordinal)), Is.EqualTo(10));
    }

    [Test]
    public async Task a_connection_that_is_cut_at_any_command_is_a_failure_to_try_again_and_leaves_no_half_file_under_the_final_name([Values] CutAt where)
    {
        var cuts = 0;
        for (var at = 0; await CutAsync(at, where); at++)
            cuts++;
        TestContext.Out.WriteLine($"{server}: cut at {cuts} places");
        Assert.That(cuts, Is.GreaterThan(10));
    }

    [Test]
    public async Task a_connection_that_stands_still_is_given_up_in_time()
    {
        // SFTP: in the middle of the file, which has its data in the same connection. FTP: at a command, about the first after the sign-in.
        await using var watched = new CuttingRelay(ServerBed.PortOf(server), int.MaxValue, CutAt.Command);
        int signIn;
        await using (await ServerBed.ConnectAsync(server, watched.Port))
            signIn = watched.Said;
        await using var relay = new CuttingRelay(ServerBed.PortOf(server), signIn + (ServerBed.IsSftp(server) ? 5 : 0), CutAt.Command) { Stalls = true };
        var failure = Assert.ThrowsAsync<FtpException>(async () =>
        {
            // Signing in has this time too, on a busy machine.
            await using var client = await ServerBed.ConnectAsync(server, relay.Port, TimeSpan.FromSeconds(4));
            await client.UploadAsync($"{Root}/stalled", new MemoryStream(new byte[8 << 20]), default);
        });
        Assert.That(relay.HasCut, Is.True);
        Assert.That(failure!.Failure, Is.EqualTo(FtpFailure.Timeout).Or.EqualTo(FtpFailure.Connection), failure.ToString());
    }

    [Test]
    public void a_wrong_password_needs_a_person()
    {
        var right = ServerBed.OptionsFor(server);
        var refused = Assert.ThrowsAsync<FtpException>(() => ServerBed.IsSftp(server)
            ? SftpMailbox.ConnectAsync(new SftpOptions
            {
                Host = right.Host, Port = right.Port, User = right.User, Password = "wrong", HostKeys = ServerBed.SftpOptionsFor(server).HostKeys,
            })
            : FtpClient.ConnectAsync(new FtpClientOptions
            {
                Host = right.Host, Port = right.Port, User = right.User, Password = "wrong", Trust = right.Trust, CommandTimeout = right.CommandTimeout,
            }));
        Assert.That(refused!.Failure, Is.EqualTo(FtpFailure.SignIn), refused.Message);
    }

    [Test]
    public void a_stranger_is_not_trusted()
    {
        var right = ServerBed.OptionsFor(server);
        var refused = Assert.ThrowsAsync<FtpException>(() => ServerBed.IsSftp(server)
            ? SftpMailbox.ConnectAsync(new SftpOptions
            {
                Host = right.Host, Port = right.Port, User = right.User, Password = right.Password, HostKeys = ["SHA256:" + new string('A', 43)],
            })
            : FtpClient.ConnectAsync(new FtpClientOptions { Host = right.Host, Port = right.Port, User = right.User, Password = right.Password }));
        Assert.That(refused!.Failure, Is.EqualTo(FtpFailure.Trust), refused.Message);
    }

    // False: the whole work was done before anything was cut.
    private async Task<bool> CutAsync(int at, CutAt where)
    {
        var content = RandomNumberGenerator.GetBytes(50_000);
        var name = $"cut-{where}-{at}";
        var mayBeFinal = false;
        await using var relay = new CuttingRelay(ServerBed.PortOf(server), at, where);
        try
        {
            await using var client = await ServerBed.ConnectAsync(server, relay.Port);
            await client.ListAsync($"{Root}/locked", default);
            await client.UploadAsync($"{Root}/{name}.part", new MemoryStream(content), default);
            await client.GetSizeAsync($"{Root}/{name}.part", default);
            mayBeFinal = true;
            await client.RenameAsync($"{Root}/{name}.part", $"{Root}/{name}", default);
            await client.DownloadAsync($"{Root}/{name}", new MemoryStream(), default);
            await client.DeleteAsync($"{Root}/{name}", default);
        }
        catch (FtpException cut)
        {
            Assert.That(relay.HasCut, Is.True, cut.ToString());
            Assert.That(cut.IsTransient, Is.True, $"cut {at} {where}: {cut}");
        }
        var final = Path.Combine(ServerBed.HomeOf(server), name);
        if (File.Exists(final))
            Assert.That(await File.ReadAllBytesAsync(final), Is.EqualTo(mayBeFinal ? content : null), $"cut {at} {where}");
        return relay.HasCut;
    }
}
