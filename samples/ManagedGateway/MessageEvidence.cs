using As2;
using As2.Agreements;
using As2.Certificates;
using As2.Receipts;
using As2.Storage;

namespace ManagedGateway;

/// <summary>What a stored receipt proves, by the settings of today or by what the message's history remembers.</summary>
internal static class MessageEvidence
{
    /// <summary>Judges a message's receipt.</summary>
    /// <exception cref="As2Exception">GW-EVIDENCE-002, -003: there is no receipt, or nobody knows whose signature counts.</exception>
    public static async Task<ReceiptEvidence> JudgeAsync(
        StoredMessage message, IMessageJournal journal, PartnerServices partners, Func<StoredContent, CancellationToken, ValueTask<Stream>> open, CancellationToken cancellationToken)
    {
        if (message.Receipt is not { Body.IsPurged: false })
            throw new As2Exception("GW-EVIDENCE-002", $"Message {message.MessageId} has no receipt (any more); it is {message.State}.");
        var agreed = await partners.Directory.FindAsync(message.Key.Local, message.Key.Partner, cancellationToken);
        // Without its settings the message's history may still know who signed.
        var partnership = agreed ?? new Partnership { Local = message.Key.Local, Partner = message.Key.Partner };
        var role = message.Key.Direction == MessageDirection.Outbound ? CertificateRole.VerifyReceipt : CertificateRole.SignReceipt;
        var evidence = await ReceiptEvidence.EstablishAsync(
            message, partnership, await partners.Certificates.FindAsync(partnership, role, cancellationToken), await journal.GetHistoryAsync(message.Id, cancellationToken),
            open, cancellationToken);
        return agreed is not null || evidence.Receipt.Signer is not null
            ? evidence
            : throw new As2Exception("GW-EVIDENCE-003", $"There is no partnership of {message.Key.Local} with {message.Key.Partner} any more, so nobody knows whose signature counts. Put it back.");
    }
}
