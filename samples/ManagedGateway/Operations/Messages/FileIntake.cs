using System.Buffers;
using As2;
using As2.Agreements;
using As2.Storage;
using ManagedGateway.Operations.Access;
using ManagedGateway.Operations.Audit;

namespace ManagedGateway.Operations.Messages;

/// <summary>A file that a person or program gives for sending.</summary>
/// <param name="Local">Our AS2 name.</param>
/// <param name="Partner">The partner's AS2 name.</param>
/// <param name="FileName">Its name for the partner; null: none.</param>
/// <param name="ContentType">Its media type; null: as agreed.</param>
/// <param name="Key">The caller's key: the same key sends the same file once. Null: each call is a message.</param>
internal sealed record NewFile(string Local, string Partner, string? FileName, string? ContentType, string? Key);

/// <summary>Takes files for sending as they stream in, with constant memory. Thread-safe.</summary>
internal sealed class FileIntake(StorageServices storage, PartnershipBook book, As2Sender sender, Organisations organisations, AuditLog audit)
{
    private const int BlockBytes = 64 << 10;

    /// <summary>Takes a file; durable when this returns.</summary>
    /// <returns>Our identifier of the message.</returns>
    /// <exception cref="As2Exception">GW-API-001: no such partnership, or a name that cannot be; GW-API-002: the key was used for another file; AS2-SEND-001, AS2-STORE-*.</exception>
    public async Task<string> TakeAsync(Caller caller, NewFile file, Stream content, long? length, CancellationToken cancellationToken)
    {
        var partnership = await FindAsync(caller, file, cancellationToken);
        if (storage.Health?.Check() is { Reason: { } tired })
            throw new As2Exception("AS2-STORE-010", $"The gateway takes no new files for the moment: {tired}");
        if (storage.Quotas is { } quotas && await quotas.CheckAsync(partnership.Local, cancellationToken) is { Reason: { } reason })
            throw new As2Exception("AS2-STORE-015", reason);
        await using var writer = storage.Blobs.Create(length);
        await CopyAsync(content, writer, cancellationToken);
        var stored = await writer.CommitAsync(cancellationToken);
        var key = $"api:{caller.Organisation ?? "*"}:{caller.User}:{file.Key ?? Guid.NewGuid().ToString("N")}";
        var id = await sender.SubmitOnceAsync(key, new StoredPayload(stored, file.ContentType ?? partnership.ContentType, file.FileName), origin: null, partnership, cancellationToken);
        if (file.Key is not null && await storage.Journal.GetAsync(id, cancellationToken) is { } taken && taken.Payloads.All(p => p.Content.Sha256 != stored.Sha256))
            throw new As2Exception("GW-API-002", $"The Idempotency-Key was used before, for another file (message {id}): take a new key for a new file.");
        audit.Add(caller.Name, "message.send", id, $"{file.Local} → {file.Partner}, {stored.Length} bytes");
        return id;
    }

    private async Task<Partnership> FindAsync(Caller caller, NewFile file, CancellationToken cancellationToken)
    {
        if (file.FileName is { Length: > 255 } || file.FileName?.Any(char.IsControl) == true)
            throw new As2Exception("GW-API-001", "A file name has at most 255 characters and no control characters.");
        if (As2Names.TryRead(file.Local, out var local) && As2Names.TryRead(file.Partner, out var partner) && organisations.Sees(caller, local.Value)
            && await book.FindAsync(local.Value, partner.Value, cancellationToken) is { } partnership)
            return partnership;
        throw new As2Exception("GW-API-001", $"There is no partnership of '{file.Local}' with '{file.Partner}': name one that GET /api/v1/partnerships lists.");
    }

    private static async Task CopyAsync(Stream content, BlobWriter writer, CancellationToken cancellationToken)
    {
        var block = ArrayPool<byte>.Shared.Rent(BlockBytes);
        try
        {
            int read;
            while ((read = await content.ReadAsync(block, cancellationToken)) > 0)
                writer.Push(block.AsSpan(0, read));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
    }
}
