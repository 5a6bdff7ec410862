using System.Collections.Concurrent;
using System.Security.Cryptography;
using As2.Ftp;
using As2.Payloads;

namespace As2.Crash;

/// <summary>Offers messages both ways and takes what arrives, as long as the campaign runs; a dead gateway is waited for.</summary>
internal sealed class Traffic(Ledger ledger, Partners partners, string data, int gatewayPort, CancellationToken stop)
{
    private const int OpenAtOnce = 8;
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(30), s_pauseOfPickUp = TimeSpan.FromMilliseconds(120);

    private readonly ConcurrentDictionary<string, string> _life = new();
    private readonly ConcurrentDictionary<string, (Entry Entry, bool IsThere)> _unfinished = new();
    private readonly ConcurrentDictionary<string, List<Entry>> _uploaded = new();
    private volatile bool _offering = true;

    /// <summary>No new offers; what was offered goes on.</summary>
    public void EndOffers() => _offering = false;

    public Task RunAsync() => Task.WhenAll(
        OfferAsync(World.Sync), OfferAsync(World.Async), WithClientAsync(World.Sync, UploadAsync), WithClientAsync(World.Async, UploadAsync),
        WithClientAsync(World.Sync, PickUpAsync), WithClientAsync(World.Async, PickUpAsync));

    private async Task OfferAsync(string partner)
    {
        var open = new List<Entry>();
        while (_offering && !stop.IsCancellationRequested)
        {
            open.RemoveAll(entry => !Report.IsOpen(entry));
            if (open.Count < OpenAtOnce)
            {
                var content = Content();
                open.Add(ledger.Offer(partner, inbound: true, content));
                await partners.SubmitAsync(partner, Payload.FromBytes(content, open[^1].Name));
            }
            await PauseAsync();
        }
    }

    /// <summary>Uploads: every second one under an unfinished name, renamed when it is there.</summary>
    private async Task UploadAsync(FtpClient client, string partner)
    {
        if (_unfinished.ContainsKey(partner))
        {
            await RenameAsync(client, partner);
            return;
        }
        var open = _uploaded.GetOrAdd(partner, _ => []);
        open.RemoveAll(former => former.IsDelivered || !former.IsAcknowledged);
        if (!_offering || open.Count >= OpenAtOnce)
        {
            await PauseAsync();
            return;
        }
        var content = Content();
        var entry = ledger.Offer(partner, inbound: false, content);
        open.Add(entry);
        if (content[0] % 2 == 0)
        {
            await client.UploadAsync($"/outbox/{entry.Name}", new MemoryStream(content), stop);
            entry.IsAcknowledged = true;
            return;
        }
        _unfinished[partner] = (entry, false);
        await client.UploadAsync($"/outbox/{entry.Name}.tmp", new MemoryStream(content), stop);
        _unfinished[partner] = (entry, true);
        await RenameAsync(client, partner);
    }

    private async Task RenameAsync(FtpClient client, string partner)
    {
        var (entry, isThere) = _unfinished[partner];
        try
        {
            await client.RenameAsync($"/outbox/{entry.Name}.tmp", $"/outbox/{entry.Name}", stop);
            entry.IsAcknowledged = true;
        }
        catch (FtpException refused) when (refused.Failure == FtpFailure.Refused)
        {
            if (await client.GetSizeAsync($"/outbox/{entry.Name}.tmp", stop) is not null)
            {
                // The gateway takes no new files for the moment.
                await PauseAsync();
                return;
            }
            // It was there and is there no more: the rename was done and its reply lost. So it must be sent.
            entry.IsAcknowledged = isThere;
        }
        _unfinished.TryRemove(partner, out _);
    }

    private async Task PickUpAsync(FtpClient client, string partner)
    {
        foreach (var file in await client.ListAsync("/inbox", stop))
        {
            using var content = new MemoryStream();
            await client.DownloadAsync($"/inbox/{file.Name}", content, stop);
            ledger.Delivered("mailbox", file.Name, _life.GetValueOrDefault(file.Name, "first"), Ledger.Hash(content.ToArray()));
            await client.DeleteAsync($"/inbox/{file.Name}", stop);
            // A file of this name after a deletion that was confirmed is another copy.
            _life[file.Name] = Guid.NewGuid().ToString();
        }
        await PauseAsync(s_pauseOfPickUp);
    }

    private async Task WithClientAsync(string partner, Func<FtpClient, string, Task> work)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await partners.Gateway.WaitAsync(stop);
                await using var client = await FtpClient.ConnectAsync(World.Client(gatewayPort + 1, World.Account(partner), data), stop);
                while (!stop.IsCancellationRequested)
                    await work(client, partner);
            }
            catch (FtpException)
            {
                await PauseAsync();
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task PauseAsync(TimeSpan? time = null)
    {
        try
        {
            await Task.Delay(time ?? s_pause, stop);
        }
        catch (OperationCanceledException)
        {
            // The campaign ends; the loops look at the token.
        }
    }

    // Most fit into a row, some become a file.
    private static byte[] Content() => RandomNumberGenerator.GetBytes(RandomNumberGenerator.GetInt32(10) == 0
        ? RandomNumberGenerator.GetInt32(140_000, 300_000) : RandomNumberGenerator.GetInt32(200, 6_000));
}
