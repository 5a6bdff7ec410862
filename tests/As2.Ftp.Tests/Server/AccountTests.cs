using System.Diagnostics;
using As2.Agreements;
using As2.Routes;
using As2.Storage;
using As2.Testing;

namespace As2.Ftp.Tests.Server;

/// <summary>What an account may hold and how its owner signs in; what is remembered of a pick-up; many sessions at once.</summary>
public sealed class AccountTests
{
    [TestCase(true)]
    [TestCase(false)]
    public async Task a_certificate_signs_in_in_place_of_the_password_when_it_is_the_accounts(bool isKnown)
    {
        var mine = TestKeys.Rsa("ftp client");
        var known = isKnown ? mine.Thumbprint : TestKeys.Rsa("another").Thumbprint;
        await using var server = await TestServer.StartAsync(
            options => options.AskClientCertificate = true, user => user with { PasswordHash = null, Certificates = [known] });
        var usual = server.Options();
        var options = new FtpClientOptions
        {
            Host = usual.Host, Port = usual.Port, User = usual.User, Password = usual.Password, Trust = usual.Trust, ClientCertificate = mine.Certificate,
        };
        if (!isKnown)
        {
            Assert.That(Assert.ThrowsAsync<FtpException>(() => FtpClient.ConnectAsync(options))!.Failure, Is.EqualTo(FtpFailure.SignIn));
            return;
        }
        for (var session = 0; session < 3; session++)
        {
            await using var client = await FtpClient.ConnectAsync(options);
            await client.UploadAsync($"/outbox/{session}.edi", new MemoryStream(new byte[100_000]), default);
        }
        Assert.That(server.Submitter.Submitted, Has.Count.EqualTo(3));
        Assert.That(server.Log.All, Does.Contain("with a certificate"));
    }

    [Test]
    public async Task a_data_connection_without_the_certificate_that_signed_in_is_refused()
    {
        var mine = TestKeys.Rsa("ftp client");
        await using var server = await TestServer.StartAsync(
            options => options.AskClientCertificate = true, user => user with { PasswordHash = null, Certificates = [mine.Thumbprint] });
        await using var raw = await RawFtp.ConnectAsync(server);
        await raw.ExpectAsync(220);
        await raw.SendAsync("AUTH TLS", 234);
        await raw.SecureAsync(mine.Certificate);
        await raw.SendAsync("USER acme", 232);
        await raw.SendAsync("PBSZ 0", 200);
        await raw.SendAsync("PROT P", 200);
        foreach (var (shown, code) in ((System.Security.Cryptography.X509Certificates.X509Certificate2?, int)[])
            [(null, 522), (TestKeys.Rsa("another").Certificate, 522), (mine.Certificate, 226)])
        {
            using var data = await raw.OpenDataAsync();
            await raw.SendAsync("MLSD /", 150);
            await using var secure = await RawFtp.SecureAsync(data.GetStream(), shown);
            await raw.ExpectAsync(code);
        }
    }

    [Test]
    public async Task a_password_still_signs_in_where_certificates_are_asked_for()
    {
        await using var server = await TestServer.StartAsync(options => options.AskClientCertificate = true);
        await using var client = await server.ConnectAsync();
        Assert.That(await client.ListAsync("/", default), Has.Count.EqualTo(5));
    }

    [Test]
    public async Task an_upload_past_the_quota_is_discarded_and_smaller_ones_go_on()
    {
        await using var server = await TestServer.StartAsync(adapt: user => user with { MaxBytes = 1_000_000 });
        await server.AddFileAsync(MailboxFolder.Inbox, "held", new byte[600_000]);
        await using var client = await server.ConnectAsync();
        var refused = Assert.ThrowsAsync<FtpException>(async () => await client.UploadAsync("/outbox/big.edi", new MemoryStream(new byte[400_001]), default));
        Assert.That(refused!.Message, Does.Contain("552").And.Contain("1000000"));
        await using var again = await server.ConnectAsync();
        await again.UploadAsync("/outbox/fits.edi", new MemoryStream(new byte[400_000]), default);
        Assert.That(server.Submitter.Submitted.Select(file => file.Name), Is.EqualTo(new[] { "fits.edi" }));
    }

    [Test]
    public async Task an_account_with_too_many_files_takes_no_more()
    {
        await using var server = await TestServer.StartAsync(adapt: user => user with { MaxFiles = 1 });
        await server.AddFileAsync(MailboxFolder.Inbox, "held", [1]);
        await using var client = await server.ConnectAsync();
        var refused = Assert.ThrowsAsync<FtpException>(async () => await client.UploadAsync("/outbox/one.edi", new MemoryStream([1]), default));
        Assert.That(refused!.Failure, Is.EqualTo(FtpFailure.Busy));
        await client.DeleteAsync("/inbox/held", default);
        await client.UploadAsync("/outbox/one.edi", new MemoryStream([1]), default);
    }

    [Test]
    public async Task a_pick_up_is_recorded_on_the_message_when_the_whole_file_was_taken()
    {
        await using var server = await TestServer.StartAsync();
        var id = Guid.CreateVersion7().ToString("N");
        var content = StoredContent.FromBytes("0123456789"u8.ToArray());
        await server.Store.AcceptAsync(new NewMessage
        {
            Message = new StoredMessage
            {
                Id = id,
                Key = new MessageKey(MessageDirection.Inbound, new As2Identifier("us"), new As2Identifier("them"), id),
                MessageId = $"<{id}>",
                State = MessageState.Accepted,
                Payloads = [new StoredPayload(content, "text/plain", "order.edi")],
            },
            Mailbox = [new MailboxChange("acme", Add: new NewMailboxFile(MailboxFolder.Inbox, "order.edi", content))],
        }, default);
        await using var client = await server.ConnectAsync();
        Assert.That(await PickUpsAsync(), Is.Empty);
        await client.DownloadAsync("/inbox/order.edi", new MemoryStream(), default);
        Assert.That((await PickUpsAsync()).Single().Text, Is.EqualTo("/inbox/order.edi by acme from 127.0.0.1, 10 bytes"));
        Assert.That((await server.Store.GetAsync(id, default))!.State, Is.EqualTo(MessageState.Accepted));

        async Task<MessageEvent[]> PickUpsAsync() => [.. (await server.Store.GetHistoryAsync(id, default)).Where(line => line.Kind == "picked-up")];
    }

    [Test]
    public async Task two_hundred_sessions_at_once_all_get_their_file_through()
    {
        const int Sessions = 200;
        await using var server = await TestServer.StartAsync(options =>
        {
            options.Limits.MaxSessionsPerAddress = options.Limits.MaxSessionsPerAccount = Sessions;
            options.Limits.SignInTimeout = options.Limits.DataConnectionWindow = TimeSpan.FromMinutes(5);
        });
        var usual = server.Options();
        var patient = new FtpClientOptions
        {
            Host = usual.Host, Port = usual.Port, User = usual.User, Password = usual.Password, Trust = usual.Trust, CommandTimeout = TimeSpan.FromMinutes(5),
        };
        var begun = Stopwatch.GetTimestamp();
        var clients = await Task.WhenAll(Enumerable.Range(0, Sessions).Select(_ => FtpClient.ConnectAsync(patient)));
        await Task.WhenAll(clients.Select((client, number) => client.UploadAsync($"/outbox/{number}.edi", new MemoryStream(new byte[10_000]), default).AsTask()));
        foreach (var client in clients)
            await client.DisposeAsync();
        TestContext.Out.WriteLine($"{Sessions} sessions: {Stopwatch.GetElapsedTime(begun).TotalSeconds:0.0} s");
        Assert.That(server.Submitter.Submitted.Select(file => file.Name).Distinct().Count(), Is.EqualTo(Sessions));
    }
}
