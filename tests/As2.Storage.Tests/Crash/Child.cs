using System.Globalization;
using As2.Routes;
using As2.Storage.Sqlite;
using As2.Testing.Storage;

namespace As2.Storage.Tests;

/// <summary>The program that the crash tests kill. It tells on standard output what the store acknowledged, and nothing before.</summary>
internal static class Child
{
    private static readonly CancellationToken s_none = CancellationToken.None;

    public static async Task<int> Main(string[] args)
    {
        using var store = new SqliteStore(new SqliteStoreOptions { Folder = args[1] });
        if (args[0] == "fsync")
            await FsyncAsync(store, args[2]);
        for (var i = 0; args[0] == "trade"; i++)
            await TradeAsync(store, $"{Environment.ProcessId}-{i.ToString(CultureInfo.InvariantCulture)}", large: i % 4 == 3);
        return 0;
    }

    // One message in and delivered, one out and acknowledged.
    private static async Task TradeAsync(SqliteStore store, string key, bool large)
    {
        var payload = large ? await BlobAsync(store) : Sample.Content("payload of " + key);
        var arrival = Sample.Inbound(key);
        arrival = arrival with { Message = arrival.Message with { Payloads = [new StoredPayload(payload, "application/EDIFACT", key)] } };
        Tell("offered", key);
        await store.AcceptAsync(arrival, s_none);
        Tell("accepted", key);
        foreach (var job in await store.ClaimAsync(JobKind.Deliver, 10, TimeSpan.FromMinutes(1), s_none))
        {
            var message = (await store.GetAsync(job.MessageId, s_none))!;
            var file = new NewMailboxFile("inbox", message.Key.MessageId, message.Payloads[0].Content);
            await store.ApplyAsync(job, Sample.Step(MessageState.Accepted, MessageState.Delivered) with { Mailbox = [new("acme", Add: file)] }, s_none);
            Tell("delivered", message.Key.MessageId);
        }
        await store.SubmitAsync(Sample.Outbound(key, file: key), s_none);
        Tell("submitted", key);
    }

    // While the trigger exists, the preloaded library makes every fsync fail.
    private static async Task FsyncAsync(SqliteStore store, string trigger)
    {
        await store.AcceptAsync(Sample.Inbound("before"), s_none);
        await File.WriteAllTextAsync(trigger, "");
        Console.WriteLine("blob " + await FaultOf(() => BlobAsync(store)));
        Console.WriteLine("row " + await FaultOf(async () => await store.AcceptAsync(Sample.Inbound("during"), s_none)));
        File.Delete(trigger);
        Console.WriteLine("healed " + await FaultOf(() => BlobAsync(store)) + await FaultOf(async () => await store.AcceptAsync(Sample.Inbound("after"), s_none)));
    }

    private static async Task<string> FaultOf(Func<Task> work)
    {
        try
        {
            await work();
            return "none";
        }
        catch (As2Exception e)
        {
            return e.Id;
        }
    }

    private static async Task<StoredContent> BlobAsync(SqliteStore store)
    {
        await using var writer = store.Blobs.Create(null);
        writer.Push(new byte[StoredContent.MaxInlineBytes + 1000]);
        return await writer.CommitAsync(s_none);
    }

    private static void Tell(string what, string key)
    {
        Console.Out.Write($"{what} {key}\n");
        Console.Out.Flush();
    }
}
