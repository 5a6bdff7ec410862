using System.Diagnostics;
using As2.Routes;

namespace As2.Ftp.Tests.Server;

/// <summary>The five folders as a partner sees them.</summary>
public sealed class MailboxTests
{
    private TestServer _server = null!;
    private FtpClient _client = null!;

    [SetUp]
    public async Task Start()
    {
        _server = await TestServer.StartAsync();
        _client = await _server.ConnectAsync();
    }

    [TearDown]
    public async Task Stop()
    {
        await _client.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Test]
    public async Task the_top_shows_the_five_folders()
        => Assert.That((await _client.ListAsync("/", default)).Select(file => (file.Name, file.IsFolder)),
            Is.EqualTo(MailboxFolder.All.Select(name => (name, true))));

    [TestCase("order.edi.tmp")]
    [TestCase("order.part")]
    [TestCase("ORDER.FILEPART")]
    [TestCase("order.crdownload")]
    [TestCase(".hidden")]
    [TestCase("~order.edi")]
    public async Task an_unfinished_name_is_no_message_until_it_is_renamed(string name)
    {
        await UploadAsync($"/outbox/{name}", "one");
        await UploadAsync($"/outbox/{name}", "two, newer");
        Assert.That(_server.Submitter.Submitted, Is.Empty);
        await _client.RenameAsync($"/outbox/{name}", "/outbox/order.edi", default);
        Assert.That(await _server.SubmittedAsync("order.edi"), Is.EqualTo("two, newer"u8.ToArray()));
        Assert.That((await _client.ListAsync("/outbox", default)).Select(file => file.Name), Is.EqualTo(new[] { "order.edi" }));
    }

    [Test]
    public async Task an_unfinished_file_may_be_renamed_to_another_unfinished_name_and_deleted()
    {
        await UploadAsync("/outbox/a.tmp", "x");
        await _client.RenameAsync("/outbox/a.tmp", "/outbox/b.tmp", default);
        await _client.DeleteAsync("/outbox/b.tmp", default);
        Assert.That(await _client.ListAsync("/outbox", default), Is.Empty);
        Assert.That(_server.Submitter.Submitted, Is.Empty);
    }

    [Test]
    public async Task a_file_that_is_being_sent_cannot_be_touched_but_can_be_read()
    {
        await UploadAsync("/outbox/order.edi", "UNB");
        Assert.That(Refusal(() => _client.DeleteAsync("/outbox/order.edi", default)), Does.Contain("being sent"));
        Assert.That(Refusal(() => _client.RenameAsync("/outbox/order.edi", "/outbox/other.edi", default)), Does.Contain("being sent"));
        Assert.That(Refusal(() => UploadAsync("/outbox/order.edi", "again")), Does.Contain("being sent"));
        Assert.That(await _client.GetSizeAsync("/outbox/order.edi", default), Is.EqualTo(3));
        Assert.That(_server.Submitter.Submitted, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task a_rename_that_its_partnership_refuses_leaves_the_file_where_it_was()
    {
        await UploadAsync("/outbox/x.tmp", "UNB");
        Assert.That(Refusal(() => _client.RenameAsync("/outbox/x.tmp", "/outbox/refused.edi", default)), Does.Contain("no partnership"));
        Assert.That((await _client.ListAsync("/outbox", default)).Select(file => file.Name), Is.EqualTo(new[] { "x.tmp" }));
    }

    [Test]
    public async Task two_sessions_that_rename_one_file_make_one_message()
    {
        await using var second = await _server.ConnectAsync();
        for (var i = 0; i < 20; i++)
        {
            await UploadAsync($"/outbox/{i}.tmp", "x");
            var outcomes = await Task.WhenAll(TryAsync(_client, i, "a"), TryAsync(second, i, "b"));
            Assert.That(outcomes.Count(well => well), Is.EqualTo(1));
        }
        Assert.That(_server.Submitter.Submitted, Has.Count.EqualTo(20));

        static async Task<bool> TryAsync(FtpClient client, int i, string name)
        {
            try
            {
                await client.RenameAsync($"/outbox/{i}.tmp", $"/outbox/{name}-{i}", default);
                return true;
            }
            catch (FtpException refused) when (refused.Failure == FtpFailure.Refused)
            {
                return false;
            }
        }
    }

    [TestCase(MailboxFolder.Inbox)]
    [TestCase(MailboxFolder.Receipts)]
    [TestCase(MailboxFolder.Sent)]
    [TestCase(MailboxFolder.Failed)]
    public async Task files_are_taken_from_the_other_folders_renamed_and_deleted_there(string folder)
    {
        await _server.AddFileAsync(folder, "a \"b\" Ü.edi", [1, 2, 3]);
        var listed = (await _client.ListAsync($"/{folder}", default)).Single();
        Assert.That((listed.Name, listed.Length, listed.IsFolder), Is.EqualTo(("a \"b\" Ü.edi", 3L, false)));
        Assert.That(await _client.GetModifiedAsync($"/{folder}/{listed.Name}", default), Is.EqualTo(listed.Modified));
        await _client.RenameAsync($"/{folder}/{listed.Name}", $"/{folder}/taken", default);
        await _client.DeleteAsync($"/{folder}/taken", default);
        Assert.That(await _client.ListAsync($"/{folder}", default), Is.Empty);
        Assert.That(Refusal(() => UploadAsync($"/{folder}/x", "x")), Does.Contain("/outbox"));
    }

    [Test]
    public async Task a_file_moves_between_folders_only_from_failed_to_outbox_which_sends_it_again()
    {
        await _server.AddFileAsync(MailboxFolder.Inbox, "in.edi", [1]);
        await _server.AddFileAsync(MailboxFolder.Failed, "failed.edi", [2]);
        Assert.That(Refusal(() => _client.RenameAsync("/inbox/in.edi", "/outbox/in.edi", default)), Does.Contain("stays in its folder"));
        await _client.RenameAsync("/failed/failed.edi", "/outbox/failed.edi", default);
        Assert.That(await _server.SubmittedAsync("failed.edi"), Is.EqualTo(new byte[] { 2 }));
        Assert.That(await _client.ListAsync("/failed", default), Is.Empty);
    }

    [Test]
    public async Task the_outbox_has_sub_folders_whose_names_are_for_their_owner_only()
    {
        Assert.That(await _client.CreateFolderAsync("/outbox/orders", default), Is.True);
        Assert.That(await _client.CreateFolderAsync("/outbox/orders", default), Is.False);
        Assert.That(await _client.CreateFolderAsync("/outbox/orders/new", default), Is.True);
        await UploadAsync("/outbox/orders/new/1.edi", "UNB");
        await UploadAsync("/outbox/orders/2.tmp", "UNB");
        await _client.RenameAsync("/outbox/orders/2.tmp", "/outbox/orders/new/2.edi", default);
        Assert.That(_server.Submitter.Submitted.Select(file => file.Name), Is.EqualTo(new[] { "orders/new/1.edi", "orders/new/2.edi" }));
        Assert.That(await ShowAsync("/outbox"), Is.EqualTo(new[] { "orders/" }));
        Assert.That(await ShowAsync("/outbox/orders"), Is.EqualTo(new[] { "new/" }));
        Assert.That(await ShowAsync("/outbox/orders/new"), Is.EqualTo(new[] { "1.edi", "2.edi" }));
        Assert.That(await _client.GetSizeAsync("/outbox/orders/new/1.edi", default), Is.EqualTo(3));

        async Task<string[]> ShowAsync(string folder)
            => [.. (await _client.ListAsync(folder, default)).Select(entry => entry.Name + (entry.IsFolder ? "/" : ""))];
    }

    [Test]
    public async Task a_sub_folder_is_removed_when_it_is_empty_and_takes_files_only_when_it_is_there()
    {
        await using var raw = await RawFtp.SignInAsync(_server);
        await raw.SendAsync("STOR /outbox/orders/1.edi", 550);
        Assert.That(await raw.SendAsync("MKD /outbox/a \"b\"", 257), Does.Contain("\"/outbox/a \"\"b\"\"\""));
        await raw.SendAsync("CWD /outbox", 250);
        await raw.SendAsync("MKD orders", 257);
        await UploadAsync("/outbox/orders/1.tmp", "UNB");
        Assert.That(await raw.SendAsync("RMD orders", 550), Does.Contain("not empty"));
        await _client.DeleteAsync("/outbox/orders/1.tmp", default);
        await raw.SendAsync("RMD orders", 250);
        await raw.SendAsync("CWD orders", 550);
    }

    [Test]
    public async Task sub_folders_are_four_deep_at_most_and_one_that_is_hidden_holds_unfinished_files()
    {
        foreach (var (folder, isMade) in ((string, bool)[])[("/outbox/.a", true), ("/outbox/.a/b", true), ("/outbox/.a/b/c", true), ("/outbox/.a/b/c/d", true), ("/outbox/.a/b/c/d/e", false)])
            Assert.That(await _client.CreateFolderAsync(folder, default), Is.EqualTo(isMade), folder);
        await UploadAsync("/outbox/.a/order.edi", "UNB");
        Assert.That(_server.Submitter.Submitted, Is.Empty);
        await _client.RenameAsync("/outbox/.a/order.edi", "/outbox/order.edi", default);
        Assert.That(await _server.SubmittedAsync("order.edi"), Is.EqualTo("UNB"u8.ToArray()));
    }

    [Test]
    public async Task ten_thousand_files_are_listed_whole()
    {
        for (var i = 0; i < 10_000; i++)
            await _server.AddFileAsync(MailboxFolder.Inbox, $"payload {i}.edi", [1]);
        await _client.ListAsync("/", default);
        var watch = Stopwatch.StartNew();
        Assert.That(await _client.ListAsync("/inbox", default), Has.Count.EqualTo(10_000));
        TestContext.Out.WriteLine($"10,000 files listed in {watch.ElapsedMilliseconds} ms");
    }

    [Test]
    public async Task a_session_is_told_when_the_server_stops()
    {
        await using var raw = await RawFtp.SignInAsync(_server);
        var stopping = _server.StopAsync();
        await raw.ExpectAsync(421);
        await _client.DisposeAsync();
        await stopping;
    }

    private async ValueTask UploadAsync(string path, string text)
        => await _client.UploadAsync(path, new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text)), default);

    private static string Refusal(Func<ValueTask> work)
    {
        var refused = Assert.ThrowsAsync<FtpException>(async () => await work());
        Assert.That(refused!.Code, Is.InRange(550, 553));
        return refused.Message;
    }
}
