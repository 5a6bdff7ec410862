using System.Diagnostics;
using System.Security.Cryptography;
using As2.Agreements;
using As2.Ftp;
using As2.Routes;
using As2.Storage;

namespace ManagedGateway.Demo;

/// <summary>
/// Does what the two organisations would do, with an FTPS client of their own, and tells what happened from the gateway's own
/// records.
/// </summary>
internal sealed class DemoStory(DemoWorld world, IMessageJournal journal, IMailboxStore mailbox, TextWriter output)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    /// <summary>Tells of messages that an earlier run left unfinished, and waits for them.</summary>
    public async Task FinishEarlierAsync(CancellationToken stop)
    {
        var open = (await journal.ListAsync(new MessageQuery { Max = 1000 }, stop)).Where(m => !IsFinal(m.State)).ToList();
        if (open.Count == 0)
            return;
        await output.WriteLineAsync($"\n{open.Count} message(s) from before the last stop go on first");
        foreach (var message in open)
        {
            var state = await WaitAsync(async () => await journal.GetAsync(message.Id, stop) is { } m && IsFinal(m.State) ? m : null, stop);
            await output.WriteLineAsync($"  {message.Key.MessageId}: {state?.State.ToString() ?? "still open"}");
        }
    }

    /// <summary>One round trip.</summary>
    /// <returns>Why it failed, or null.</returns>
    public async Task<string?> TellAsync(DemoOrganisation from, DemoOrganisation to, string sample, CancellationToken stop)
    {
        var original = await File.ReadAllBytesAsync(Path.Combine(AppContext.BaseDirectory, "samples", sample), stop);
        await output.WriteLineAsync($"\n{from.Name} → {to.Name}: {sample}");
        var started = Stopwatch.StartNew();
        var earlier = await NewestAsync(MessageDirection.Outbound, from.As2Id, stop);

        await using (var client = await ConnectAsync(from, stop))
            await client.UploadAsync($"/{MailboxFolder.Outbox}/{sample}", new MemoryStream(original), stop);
        await SayAsync("uploaded", $"{original.Length:N0} bytes over FTPS to {from.Account}/outbox", started);

        var sent = await WaitAsync(async () =>
            await NewestAsync(MessageDirection.Outbound, from.As2Id, stop) is { } m && m.Id != earlier?.Id && IsFinal(m.State) ? m : null, stop);
        if (sent is null)
            return $"{sample} was not acknowledged within {s_patience.TotalSeconds:0} s";
        await SayAsync("sent", $"{sent.Wire?.Body.Length:N0} bytes over HTTP: {sent.Security}", started);
        await SayAsync("", $"Message-ID {sent.MessageId}", null);
        if (sent.State != MessageState.Acknowledged)
            return $"the message is {sent.State}: {sent.Diagnosis}";
        return await TellArrivalAsync(from, to, sent, original, started, stop);
    }

    private async Task<string?> TellArrivalAsync(
        DemoOrganisation from, DemoOrganisation to, StoredMessage sent, byte[] original, Stopwatch started, CancellationToken stop)
    {
        var key = new MessageKey(MessageDirection.Inbound, new As2Identifier(to.As2Id), new As2Identifier(from.As2Id), sent.Key.MessageId);
        var received = await WaitAsync(async () => await journal.FindAsync(key, stop) is { State: MessageState.Delivered } m ? m : null, stop);
        if (received is null)
            return "the message did not arrive";
        await SayAsync("received", $"by {to.As2Id}: {received.Security}", started);
        await SayAsync("verified", $"signed by {from.As2Id}, MIC {received.Mics[0]}", started);

        var delivered = (await mailbox.ListAsync(to.Account, MailboxFolder.Inbox, stop)).First(f => f.MessageId == received.Id);
        using var copy = new MemoryStream();
        await using (var client = await ConnectAsync(to, stop))
            await client.DownloadAsync($"/{MailboxFolder.Inbox}/{delivered.Name}", copy, stop);
        if (!copy.ToArray().AsSpan().SequenceEqual(original))
            return $"{to.Account}/inbox/{delivered.Name} is not what was sent";
        await SayAsync("delivered", $"{to.Account}/inbox/{delivered.Name}, identical: sha256 {Convert.ToHexStringLower(SHA256.HashData(original))[..16]}…", started);

        var receipt = (await mailbox.ListAsync(from.Account, MailboxFolder.Receipts, stop)).First(f => f.MessageId == sent.Id);
        await SayAsync("receipt", $"{sent.Disposition}, signature and MIC verified: {from.Account}/receipts/{receipt.Name}", started);
        return null;
    }

    private Task<FtpClient> ConnectAsync(DemoOrganisation who, CancellationToken stop) => FtpClient.ConnectAsync(new FtpClientOptions
    {
        Host = world.Settings.Listen.Address,
        Port = world.Settings.Listen.FtpsPort,
        User = who.Account,
        Password = who.Password,
        Trust = FtpTrust.Pinned(world.FtpsPin),
    }, stop);

    private async Task<StoredMessage?> NewestAsync(MessageDirection direction, string local, CancellationToken stop)
    {
        var page = await journal.ListAsync(new MessageQuery { Max = 1, Direction = direction, Local = new As2Identifier(local) }, stop);
        return page.Count == 0 ? null : await journal.GetAsync(page[0].Id, stop);
    }

    private Task SayAsync(string what, string text, Stopwatch? since)
        => output.WriteLineAsync($"  {what,-10}{text}{(since is null ? "" : $"  ({since.ElapsedMilliseconds} ms)")}");

    private static async Task<T?> WaitAsync<T>(Func<Task<T?>> look, CancellationToken stop)
        where T : class
    {
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < s_patience; await Task.Delay(20, stop))
        {
            if (await look() is { } found)
                return found;
        }
        return null;
    }

    private static bool IsFinal(MessageState state) => state is MessageState.Delivered or MessageState.Refused or MessageState.Acknowledged
        or MessageState.Rejected or MessageState.MicMismatch or MessageState.Expired or MessageState.Cancelled;
}
