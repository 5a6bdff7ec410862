using As2;
using As2.CertificateExchange;
using As2.Layers;
using As2.Routes;
using As2.Storage;
using As2.Storage.PostgreSql;
using As2.Storage.Sqlite;

namespace ManagedGateway.Stores;

/// <summary>Copies a store into another, large contents first, and compares what arrived with what was sent.</summary>
internal sealed class StoreMove(SqliteExport source, PostgresStore target, IBlobStore blobs)
{
    private const int Page = 100;

    private readonly PostgresImport _import = new(target);

    // One blob serves a message and its file; a name of the new place for each.
    private readonly Dictionary<string, StoredContent> _moved = new(StringComparer.Ordinal);

    /// <summary>Moves what is not there yet.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await foreach (var record in MessagesAsync())
        {
            if (await target.GetAsync(record.Message.Id, cancellationToken) is { } known)
                Remember(record.Message, known);
            else
                await _import.AddAsync(record with { Message = await MoveAsync(record.Message, cancellationToken) }, cancellationToken);
        }
        foreach (var listed in source.ListFiles())
        {
            if (await target.FindAsync(listed.Account, listed.Folder, listed.Name, cancellationToken) is null)
            {
                var file = source.Find(listed);
                await _import.AddAsync(file with { Content = await MoveAsync(file.Content, cancellationToken) }, cancellationToken);
            }
        }
        await _import.FinishAsync(cancellationToken);
    }

    /// <summary>Moves the exchanges in their last version.</summary>
    /// <returns>How many there are.</returns>
    public async Task<int> MoveExchangesAsync(string folder, CancellationToken cancellationToken)
    {
        var there = new PostgresExchangeStore(() => target);
        var known = (await there.ListAsync(cancellationToken)).Select(e => e.Id).ToHashSet(StringComparer.Ordinal);
        var here = await new FolderExchangeStore(folder).ListAsync(cancellationToken);
        foreach (var exchange in here.Where(e => !known.Contains(e.Id)))
            await there.SaveAsync(exchange with { Version = 0 }, cancellationToken);
        return here.Count;
    }

    /// <summary>Compares counts, every message, its history and every file, and reads every content back to its digest.</summary>
    /// <exception cref="As2Exception">GW-STORE-003: something differs.</exception>
    public async Task<(StoreCounts Counts, long Octets)> VerifyAsync(CancellationToken cancellationToken)
    {
        var (here, there) = (source.Count(), await _import.CountAsync(cancellationToken));
        Demand(here == there, $"the counts: {here} here, {there} there");
        var octets = 0L;
        await foreach (var record in MessagesAsync())
        {
            var arrived = await target.GetAsync(record.Message.Id, cancellationToken);
            Demand(arrived is not null && MessageText.Of(arrived) == MessageText.Of(record.Message), $"message {record.Message.Id}");
            Demand((await target.GetHistoryAsync(record.Message.Id, cancellationToken)).SequenceEqual(record.History), $"the history of {record.Message.Id}");
            foreach (var content in MessageText.ContentsOf(arrived!).Where(c => !c.IsPurged))
                octets += await ReadBackAsync(content, cancellationToken);
        }
        foreach (var listed in source.ListFiles())
        {
            var arrived = await target.FindAsync(listed.Account, listed.Folder, listed.Name, cancellationToken);
            Demand(
                arrived is not null && (arrived.Content.Sha256, arrived.Modified, arrived.MessageId) == (listed.Content.Sha256, listed.Modified, listed.MessageId),
                $"{listed.Account}/{listed.Folder}/{listed.Name}");
            octets += await ReadBackAsync(arrived!.Content, cancellationToken);
        }
        return (here, octets);
    }

    private async IAsyncEnumerable<MessageRecord> MessagesAsync()
    {
        await Task.CompletedTask;
        for (var (page, after) = source.ListMessages(0, Page); page.Count > 0; (page, after) = source.ListMessages(after, Page))
        {
            foreach (var record in page)
                yield return record;
        }
    }

    private async Task<StoredMessage> MoveAsync(StoredMessage message, CancellationToken cancellationToken)
    {
        var payloads = new List<StoredPayload>();
        foreach (var payload in message.Payloads)
            payloads.Add(payload with { Content = await MoveAsync(payload.Content, cancellationToken) });
        return message with
        {
            Payloads = payloads,
            Wire = message.Wire is { } wire ? wire with { Body = await MoveAsync(wire.Body, cancellationToken) } : null,
            Receipt = message.Receipt is { } receipt ? receipt with { Body = await MoveAsync(receipt.Body, cancellationToken) } : null,
        };
    }

    private async Task<StoredContent> MoveAsync(StoredContent content, CancellationToken cancellationToken)
    {
        if (content.BlobName is not { } name)
            return content;
        if (_moved.TryGetValue(name, out var known))
            return known;
        await using var from = await source.Blobs.OpenReadAsync(content, cancellationToken);
        await using var to = blobs.Create(content.Length);
        await CopyAsync(from, to, cancellationToken);
        return _moved[name] = await to.CommitAsync(cancellationToken);
    }

    private void Remember(StoredMessage here, StoredMessage there)
    {
        foreach (var (old, moved) in MessageText.ContentsOf(here).Zip(MessageText.ContentsOf(there)))
        {
            if (old.BlobName is { } name && moved.BlobName is not null)
                _moved[name] = moved;
        }
    }

    // A stream of a store compares the digest at its end.
    private async Task<long> ReadBackAsync(StoredContent content, CancellationToken cancellationToken)
    {
        await using var stream = await blobs.OpenReadAsync(content, cancellationToken);
        var digest = Convert.ToHexStringLower(await System.Security.Cryptography.SHA256.HashDataAsync(stream, cancellationToken));
        Demand(digest == content.Sha256, $"content {content.BlobName ?? content.Sha256}");
        return content.Length;
    }

    private static async Task CopyAsync(Stream from, IOctetSink to, CancellationToken cancellationToken)
    {
        var buffer = new byte[128 << 10];
        for (int count; (count = await from.ReadAsync(buffer, cancellationToken)) > 0;)
            to.Push(buffer.AsSpan(0, count));
    }

    private static void Demand(bool same, string what)
    {
        if (!same)
            throw new As2Exception("GW-STORE-003", $"What arrived is not what was sent: {what}. Nothing of the data folder was changed; empty the schema, or name another one, and move again.");
    }
}
