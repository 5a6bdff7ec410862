using As2;
using As2.Receipts;
using As2.Storage;
using As2.Transmission;
using ManagedGateway.Operations.Access;
using ManagedGateway.Operations.Audit;

namespace ManagedGateway.Operations.Messages;

/// <summary>Messages as one caller may see and handle them: page and API ask here, so both refuse alike. Thread-safe.</summary>
internal sealed class MessageDesk(IMessageJournal journal, IBlobStore blobs, PartnerServices partners, Organisations organisations, MessageChanges changes, AuditLog audit)
{
    /// <summary>Messages newest first, of the stations that the caller sees.</summary>
    public async Task<IReadOnlyList<MessageSummary>> ListAsync(Caller caller, MessageQuery query, CancellationToken cancellationToken)
    {
        if (organisations.StationsOf(caller) is not { } stations)
            return await journal.ListAsync(query, cancellationToken);
        if (query.Local is { } one)
            return organisations.Sees(caller, one) ? await journal.ListAsync(query, cancellationToken) : [];
        var pages = new List<MessageSummary>();
        foreach (var station in stations)
            pages.AddRange(await journal.ListAsync(query with { Local = station }, cancellationToken));
        return [.. pages.OrderByDescending(m => m.Id, StringComparer.Ordinal).Take(Math.Clamp(query.Max, 1, 1000))];
    }

    /// <summary>One message, or null: not there, or not seen by this caller.</summary>
    public async Task<StoredMessage?> FindAsync(Caller caller, string id, CancellationToken cancellationToken)
        => await journal.GetAsync(id, cancellationToken) is { } message && organisations.Sees(caller, message.Key.Local) ? message : null;

    /// <summary>A message's history, oldest first.</summary>
    public async Task<IReadOnlyList<MessageEvent>> HistoryAsync(StoredMessage message, CancellationToken cancellationToken)
        => await journal.GetHistoryAsync(message.Id, cancellationToken);

    /// <summary>What its receipt proves; null when there is none, or nobody knows whose signature counts.</summary>
    public async Task<ReceiptEvidence?> JudgeAsync(StoredMessage message, CancellationToken cancellationToken)
    {
        try
        {
            return await MessageEvidence.JudgeAsync(message, journal, partners, blobs.OpenReadAsync, cancellationToken);
        }
        catch (As2Exception fault) when (fault.Id.StartsWith("GW-EVIDENCE-", StringComparison.Ordinal))
        {
            return null;
        }
    }

    /// <summary>The evidence of a message as an archive, from its start. It is gone when the caller disposes it.</summary>
    /// <exception cref="As2Exception">GW-EVIDENCE-001 to -003.</exception>
    public async Task<Stream> EvidenceAsync(Caller caller, string id, CancellationToken cancellationToken)
    {
        var message = await FindAsync(caller, id, cancellationToken) ?? throw new As2Exception("GW-EVIDENCE-001", $"There is no message '{id}'.");
        var evidence = await MessageEvidence.JudgeAsync(message, journal, partners, blobs.OpenReadAsync, cancellationToken);
        audit.Add(caller.Name, "message.evidence", id, "downloaded");
        // A zip is written in a manner that an answer's stream does not take, and may be longer than memory.
        var archive = Temporary();
        try
        {
            await evidence.ExportAsync(archive, blobs.OpenReadAsync, cancellationToken);
            archive.Position = 0;
            return archive;
        }
        catch
        {
            await archive.DisposeAsync();
            throw;
        }
    }

    /// <summary>Tries a waiting or suspended message now.</summary>
    /// <exception cref="As2Exception">AS2-SEND-003: no such message; GW-API-003: it does not wait.</exception>
    public async Task RetryAsync(Caller caller, string id, CancellationToken cancellationToken)
    {
        var message = await FoundAsync(caller, id, cancellationToken);
        audit.Add(caller.Name, "message.retry", id, $"was {message.State}");
        if (!await changes.RetryAsync(message, cancellationToken))
            throw new As2Exception("GW-API-003", $"Message {id} is {message.State}: only one that waits for its next attempt, or is suspended, can be tried now.");
    }

    /// <summary>Sends its payload as a new message.</summary>
    /// <returns>Our identifier of the new message.</returns>
    /// <exception cref="As2Exception">AS2-SEND-001, -003 to -005.</exception>
    public async Task<string> ResubmitAsync(Caller caller, string id, CancellationToken cancellationToken)
    {
        await FoundAsync(caller, id, cancellationToken);
        audit.Add(caller.Name, "message.resubmit", id, "");
        return await changes.Operations.ResubmitAsync(id, cancellationToken);
    }

    /// <summary>Withdraws it.</summary>
    /// <exception cref="As2Exception">AS2-SEND-003: no such message; GW-API-003: it came to its end before.</exception>
    public async Task CancelAsync(Caller caller, string id, CancellationToken cancellationToken)
    {
        var message = await FoundAsync(caller, id, cancellationToken);
        audit.Add(caller.Name, "message.cancel", id, $"was {message.State}");
        if (!await changes.Operations.CancelAsync(id, cancellationToken))
            throw new As2Exception("GW-API-003", $"Message {id} is {message.State}: it came to its end, there is nothing to withdraw.");
    }

    private static FileStream Temporary()
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(Path.Combine(Path.GetTempPath(), $"as2-evidence-{Guid.NewGuid():N}"), options);
    }

    private async Task<StoredMessage> FoundAsync(Caller caller, string id, CancellationToken cancellationToken)
        => await FindAsync(caller, id, cancellationToken) is { Key.Direction: MessageDirection.Outbound } message
            ? message
            : throw new As2Exception("AS2-SEND-003", $"There is no outbound message {id}.");
}
