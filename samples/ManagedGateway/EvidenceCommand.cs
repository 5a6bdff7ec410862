using As2;
using As2.Agreements;
using As2.Certificates;
using As2.Headers;
using As2.Receipts;
using As2.Storage;

namespace ManagedGateway;

/// <summary>
/// <c>gateway evidence MESSAGE-ID --out FILE.zip</c>: what proves that a message arrived, as one archive that openssl verifies offline.
/// Of a message that we received it is our own receipt. The data folder must be free: stop the gateway, or use a restored backup.
/// </summary>
internal static class EvidenceCommand
{
    /// <summary>Writes the archive.</summary>
    /// <exception cref="As2Exception">GW-EVIDENCE-001, -002: there is no such message, or no receipt of it.</exception>
    public static async Task<int> RunAsync(GatewayOptions options, TextWriter output)
    {
        await using var gateway = GatewayHost.Build(GatewaySettings.Load(options.Data), options);
        var services = gateway.Services;
        var (journal, book, blobs) = (services.GetRequiredService<IMessageJournal>(), services.GetRequiredService<PartnershipBook>(), services.GetRequiredService<IBlobStore>());
        var message = await FindAsync(journal, book, options.MessageId)
            ?? throw new As2Exception("GW-EVIDENCE-001", $"There is no message '{options.MessageId}'. Give its Message-ID, or our identifier of 32 digits.");
        if (message.Receipt is not { Body.IsPurged: false } wire)
            throw new As2Exception("GW-EVIDENCE-002", $"Message {message.MessageId} has no receipt (any more); it is {message.State}.");

        var evidence = await JudgeAsync(message, wire, book, blobs);
        await using (var file = File.Create(options.Out))
            await evidence.ExportAsync(file, blobs, CancellationToken.None);
        await output.WriteLineAsync($"{options.Out}: {evidence.Verdict.Outcome}, {evidence.Verdict.Reason}");
        await output.WriteLineAsync("Unpack it and run verify.sh; README.txt says what it holds.");
        return 0;
    }

    private static async Task<StoredMessage?> FindAsync(IMessageJournal journal, PartnershipBook book, string id)
    {
        if (await journal.GetAsync(id, CancellationToken.None) is { } own)
            return own;
        foreach (var partnership in book.Partnerships)
        {
            foreach (var direction in (MessageDirection[])[MessageDirection.Outbound, MessageDirection.Inbound])
            {
                var key = new MessageKey(direction, partnership.Local, partnership.Partner, MessageId.KeyOf(id));
                if (await journal.FindAsync(key, CancellationToken.None) is { } found)
                    return found;
            }
        }
        return null;
    }

    /// <summary>The verdict as it was when the message came to rest, by the certificates of the settings.</summary>
    private static async Task<ReceiptEvidence> JudgeAsync(StoredMessage message, WireMessage wire, PartnershipBook book, IBlobStore blobs)
    {
        var partnership = await book.FindAsync(message.Key.Local, message.Key.Partner, CancellationToken.None)
            ?? throw new As2Exception("GW-EVIDENCE-003", $"There is no partnership of {message.Key.Local} with {message.Key.Partner} any more, so nobody knows whose signature counts. Put it back.");
        var role = message.Key.Direction == MessageDirection.Outbound ? CertificateRole.VerifyReceipt : CertificateRole.SignReceipt;
        using var body = new MemoryStream();
        await using (var stored = await blobs.OpenReadAsync(wire.Body, CancellationToken.None))
            await stored.CopyToAsync(body);
        var receipt = ReceiptReader.Read(wire.Headers, body.ToArray(), await book.FindAsync(partnership, role, CancellationToken.None), message.Changed);
        return new ReceiptEvidence
        {
            Message = message, Receipt = receipt, Verdict = ReceiptVerification.Verify(receipt, message, partnership), Established = message.Changed,
        };
    }
}
