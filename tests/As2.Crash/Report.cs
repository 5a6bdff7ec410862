using System.Diagnostics;
using As2.Ftp.Destinations;
using As2.Storage;
using As2.Testing.Storage;

namespace As2.Crash;

/// <summary>What a campaign comes to: the ledger first, then a look into what the gateway left.</summary>
internal sealed class Report(Ledger ledger, Inside inside, IOutsideServer outside, FtpDestinationOptions route)
{
    private static readonly TimeSpan s_drain = TimeSpan.FromSeconds(120);
    private static readonly MessageState[] s_open =
    [
        MessageState.Accepted, MessageState.Submitted, MessageState.Packaged, MessageState.Sending, MessageState.AwaitingReceipt,
        MessageState.RetryWait, MessageState.Suspended,
    ];

    /// <summary>
    /// Waits until everything offered came to its end, outside first and then inside, where receipts may still be awaited; or no more comes.
    /// </summary>
    public async Task DrainAsync(Partners partners)
    {
        var journal = inside.Look();
        await using var owner = journal.Owner;
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < s_drain; await Task.Delay(200))
        {
            partners.Hurry();
            if (!ledger.Entries.Any(IsOpen) && !await HasOpenAsync(journal.Journal))
                break;
        }
        // A job whose outcome was told to a partner, and not back, is due again within this time.
        await Task.Delay(2000);
    }

    private static async Task<bool> HasOpenAsync(IMessageJournal journal)
    {
        foreach (var state in s_open)
        {
            if ((await journal.ListAsync(new MessageQuery { State = state, Max = 1 }, default)).Count > 0)
                return true;
        }
        return false;
    }

    /// <summary>The findings, and the verdict in one line.</summary>
    /// <param name="head">How that line begins.</param>
    /// <param name="output">Takes them.</param>
    /// <param name="saysAcknowledged">Whether the line tells how many were acknowledged.</param>
    /// <returns>True when nothing is wrong.</returns>
    public async Task<bool> WriteAsync(string head, TextWriter output, bool saysAcknowledged = true)
    {
        var entries = ledger.Entries.ToList();
        var lost = entries.Where(e => e.IsAcknowledged && !e.IsDelivered || !e.IsWhole).ToList();
        var doubled = entries.Where(e => e.IsDoubled).ToList();
        var falseReceipts = entries.Where(e => e.HasFalseReceipt).ToList();
        var stuck = entries.Where(e => e.IsInbound && !e.HasReceipt).Select(e => e.ToString()).Concat(await LookInsideAsync()).ToList();

        foreach (var (what, found) in ((string, IEnumerable<object>)[])[("lost", lost), ("doubled", doubled), ("false receipt", falseReceipts), ("stuck", stuck)])
        {
            foreach (var entry in found.Take(20))
                await output.WriteLineAsync($"{what}: {entry}");
        }
        foreach (var breach in ledger.Breaches.Take(20))
            await output.WriteLineAsync($"breach: {breach}");
        await output.WriteLineAsync(
            $"{head}, offered {entries.Count}, {(saysAcknowledged ? $"acknowledged {entries.Count(e => e.IsAcknowledged)}, " : "")}delivered {entries.Count(e => e.IsDelivered)}, "
            + $"lost {lost.Count}, doubled {doubled.Count + ledger.Breaches.Count}, false receipts {falseReceipts.Count}, stuck {stuck.Count}");
        return lost.Count + doubled.Count + falseReceipts.Count + stuck.Count + ledger.Breaches.Count == 0
            && entries.Any(e => e.IsAcknowledged);
    }

    public static bool IsOpen(Entry entry) => entry.IsInbound ? !entry.HasReceipt || !entry.IsDelivered : entry.IsAcknowledged && !entry.IsDelivered;

    private async Task<IReadOnlyList<string>> LookInsideAsync()
    {
        var store = inside.Open();
        await using var owner = store.Owner;
        await SweepOutsideAsync(store);
        var found = outside.Left.Select(file => $"{file} on the outside server").ToList();
        string? before = null;
        IReadOnlyList<MessageSummary> page;
        while ((page = await store.Journal.ListAsync(new MessageQuery { Before = before, Max = 1000 }, default)).Count > 0)
        {
            found.AddRange(page.Where(m => m.State is not (MessageState.Delivered or MessageState.Acknowledged))
                .Select(m => $"{m.Id} {m.FileName} is {m.State}: {m.Diagnosis}"));
            before = page[^1].Id;
        }
        foreach (var kind in Enum.GetValues<JobKind>())
            found.AddRange((await store.Messages.ClaimAsync(kind, 1000, TimeSpan.FromMinutes(1), default)).Select(job => $"a job is left: {job}"));
        foreach (var account in (string[])[World.Account(World.Sync), World.Account(World.Async)])
            found.AddRange((await store.Mailboxes.ListAsync(account, "outbox", default)).Select(file => $"{account}/outbox/{file.Name}"));
        found.AddRange(await OrphansAsync(store));
        return found;
    }

    /// <summary>What an owner that woke too late and died left on the outside server: every hour a delivery takes it, so none may be left after it.</summary>
    private async Task SweepOutsideAsync(StoreUnderTest store)
    {
        await using var client = await route.Connect(default);
        await new TemporaryFiles(route, TimeProvider.System).SweepAsync(client, id => ((IStoreKeeping)store.Messages).IsDoneAsync(id, JobKind.Deliver, default), default);
    }

    /// <summary>Blobs that no row names, beyond those of the last day's kills: the collector takes them, so none may be left after it.</summary>
    private static async Task<IReadOnlyList<string>> OrphansAsync(StoreUnderTest store)
    {
        var keeping = (IStoreKeeping)store.Messages;
        await new StoreKeeper(keeping, store.Blobs, new RetentionPolicy { Contents = TimeSpan.Zero, Orphans = TimeSpan.Zero }).RunAsync(default);
        var left = new List<string>();
        await foreach (var blob in store.Blobs.ListAsync(TimeSpan.Zero, default))
        {
            if (!await keeping.IsNamedAsync(blob, default))
                left.Add($"{blob} is named by no row");
        }
        return left;
    }
}
