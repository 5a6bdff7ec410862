using As2.Ftp;

namespace As2.Crash.Cluster;

/// <summary>Reads the accounts' inboxes at every node at once, and takes nothing away: a file that is listed is whole wherever it is read.</summary>
internal sealed class Readers(Ledger ledger, IReadOnlyList<Node> nodes, CancellationToken stop)
{
    private int _reads;

    public int Reads => _reads;

    public Task RunAsync() => Task.WhenAll(nodes.SelectMany(node => ((string[])[World.Sync, World.Async]).Select(partner => ReadAsync(node, partner))));

    private async Task ReadAsync(Node node, string partner)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await using var client = await FtpClient.ConnectAsync(World.Client(node.Port + 1, World.Account(partner), node.Data), stop);
                while (!stop.IsCancellationRequested)
                {
                    foreach (var file in (await client.ListAsync("/inbox", stop)).Take(3))
                        await CompareAsync(client, file.Name);
                    await Task.Delay(200, stop);
                }
            }
            catch (Exception e) when (e is FtpException or OperationCanceledException)
            {
                // The node died, or the owner took the file first.
                await Task.Delay(100, CancellationToken.None);
            }
        }
    }

    private async Task CompareAsync(FtpClient client, string name)
    {
        using var content = new MemoryStream();
        await client.DownloadAsync($"/inbox/{name}", content, stop);
        Interlocked.Increment(ref _reads);
        if (ledger.Find(name) is { } entry && entry.Sha256 != Ledger.Hash(content.ToArray()))
            ledger.Breaches.Enqueue($"{name} was read with other octets");
    }
}
