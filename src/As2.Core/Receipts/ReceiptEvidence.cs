using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using As2.Agreements;
using As2.Certificates;
using As2.Storage;

namespace As2.Receipts;

/// <summary>
/// What proves that a partner received a message (non-repudiation of receipt, RFC 4130 §2.3.1): the message and the receipt as they went
/// over the wire, the certificate that verified it, and our verdict. Immutable.
/// </summary>
public sealed record ReceiptEvidence
{
    /// <summary>The message, with its wire bytes where the retention policy left them.</summary>
    public required StoredMessage Message { get; init; }

    /// <summary>The receipt as <see cref="ReceiptReader"/> read it.</summary>
    public required Receipt Receipt { get; init; }

    /// <summary>What it proves.</summary>
    public required ReceiptVerdict Verdict { get; init; }

    /// <summary>When the verdict was reached: certificates are judged by this moment for ever.</summary>
    public required DateTimeOffset Established { get; init; }

    /// <summary>
    /// Judges the stored receipt of a message again, at the moment at which it came: with the certificates of today's settings, else with
    /// the one in the receipt that the message's history names.
    /// </summary>
    /// <param name="message">The message with its receipt.</param>
    /// <param name="partnership">What was agreed.</param>
    /// <param name="agreed">The certificates for receipts that the settings hold.</param>
    /// <param name="history">The message's history.</param>
    /// <param name="open">Opens stored content.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="As2Exception">AS2-STORE-008: the receipt is not there (any more).</exception>
    public static async Task<ReceiptEvidence> EstablishAsync(
        StoredMessage message, Partnership partnership, IReadOnlyList<As2Certificate> agreed, IReadOnlyList<MessageEvent> history,
        Func<StoredContent, CancellationToken, ValueTask<Stream>> open, CancellationToken cancellationToken)
    {
        var wire = message.Receipt ?? throw StoreFault.Lost($"receipt of {message.MessageId}", "was never stored");
        using var body = new MemoryStream();
        var stored = await open(wire.Body, cancellationToken).ConfigureAwait(false);
        await using (stored.ConfigureAwait(false))
            await stored.CopyToAsync(body, cancellationToken).ConfigureAwait(false);
        var record = SignerRecord.Find(history);
        // Our own receipt was written when the message was taken; a partner's is as old as the line about it.
        var moment = message.Key.Direction == MessageDirection.Inbound ? message.Created : record?.At ?? message.Changed;
        var receipt = ReceiptReader.Read(wire.Headers, body.ToArray(), agreed, moment);
        if (receipt.Signer is null && record is not null && SignerRecord.Embedded(receipt.Signature, record) is { } former)
            receipt = ReceiptReader.Read(wire.Headers, body.ToArray(), [former], moment);
        return new ReceiptEvidence
        {
            Message = message, Receipt = receipt, Verdict = ReceiptVerification.Verify(receipt, message, partnership), Established = moment,
        };
    }

    /// <summary>
    /// Writes one zip archive that openssl verifies without us: README.txt tells what it holds, verify.sh has the exact commands.
    /// </summary>
    /// <param name="output">Takes the archive; need not be seekable.</param>
    /// <param name="open">Opens stored content, the message's body.</param>
    /// <param name="cancellationToken">Ends the export; the archive is then incomplete.</param>
    public async Task ExportAsync(Stream output, Func<StoredContent, CancellationToken, ValueTask<Stream>> open, CancellationToken cancellationToken)
    {
        var archive = new EvidenceArchive(output);
        await using (archive.ConfigureAwait(false))
        {
            await WriteMessageAsync(archive, open, cancellationToken).ConfigureAwait(false);
            await archive.AddAsync("receipt.http", (byte[])[.. Receipt.Headers.ToBytes(), .. "\r\n"u8, .. Receipt.Body.Span], cancellationToken).ConfigureAwait(false);
            if (Receipt.Signer is { } signer)
            {
                await archive.AddAsync("receipt-content.bin", Receipt.SignedContent, cancellationToken).ConfigureAwait(false);
                await archive.AddAsync("receipt-signature.der", Receipt.Signature, cancellationToken).ConfigureAwait(false);
                await archive.AddAsync("signer.pem", Encoding.ASCII.GetBytes(CertificateFile.ToPem(signer)), cancellationToken).ConfigureAwait(false);
            }
            await archive.AddAsync("verdict.json", Encoding.UTF8.GetBytes(VerdictJson()), cancellationToken).ConfigureAwait(false);
            await archive.AddAsync("README.txt", Encoding.UTF8.GetBytes(Readme()), cancellationToken).ConfigureAwait(false);
            await archive.AddAsync("verify.sh", Encoding.ASCII.GetBytes(Commands()), cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task WriteMessageAsync(EvidenceArchive archive, Func<StoredContent, CancellationToken, ValueTask<Stream>> open, CancellationToken cancellationToken)
    {
        if (Message.Wire is not { Body.IsPurged: false } wire)
            return;
        var body = await open(wire.Body, cancellationToken).ConfigureAwait(false);
        await using (body.ConfigureAwait(false))
            await archive.AddAsync("message.http", (byte[])[.. wire.Headers.ToBytes(), .. "\r\n"u8], cancellationToken, body).ConfigureAwait(false);
    }

    private string VerdictJson()
    {
        var verdict = new JsonObject
        {
            ["messageId"] = Message.MessageId,
            ["as2From"] = (Message.Key.Direction == MessageDirection.Outbound ? Message.Key.Local : Message.Key.Partner).Value,
            ["as2To"] = (Message.Key.Direction == MessageDirection.Outbound ? Message.Key.Partner : Message.Key.Local).Value,
            ["messageMics"] = new JsonArray([.. Message.Mics.Select(m => JsonValue.Create(m))]),
            ["messageBodySha256"] = Message.Wire?.Body.Sha256,
            ["outcome"] = Verdict.Outcome.ToString(),
            ["reason"] = Verdict.Reason,
            ["disposition"] = Verdict.Disposition?.ToString(),
            ["receiptMic"] = Receipt.Notification?.Mic?.ToString(),
            ["receiptOriginalMessageId"] = Receipt.Notification?.OriginalMessageId,
            ["receiptSigner"] = Receipt.Signer?.Certificate.Subject,
            ["receiptSignerSha256"] = Receipt.Signer?.Thumbprint,
            ["established"] = Established.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
        };
        return verdict.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n";
    }

    private string Readme() => $"""
        Evidence that message {NotificationFields.Printable(Message.MessageId)} was answered with a receipt.

        message.http           the message as it went over the wire (absent when the retention policy removed it)
        receipt.http           the receipt as it came over the wire
        receipt-content.bin    the part of it that is signed, octet for octet
        receipt-signature.der  its signature, CMS SignedData
        signer.pem             the certificate agreed with the partner that verified it
        verdict.json           what we concluded, with the MICs of the message
        SHA256SUMS             of all the above
        verify.sh              the commands that verify it all; they need sha256sum and openssl

        The receipt proves arrival when its signature verifies, its Original-Message-ID is the message's, and its
        Received-Content-MIC is one of messageMics in verdict.json.

        """;

    private string Commands()
    {
        var commands = new StringBuilder("#!/bin/sh\nset -e\ncd \"$(dirname \"$0\")\"\nsha256sum -c SHA256SUMS\n");
        if (Receipt.Signer is null)
            return commands.Append("echo 'The receipt is not signed: it proves nothing.'\nexit 1\n").ToString();
        commands.Append("openssl cms -verify -binary -inform DER -in receipt-signature.der -content receipt-content.bin \\\n")
            .Append("  -CAfile signer.pem -certfile signer.pem -partial_chain -purpose any \\\n")
            .Append(CultureInfo.InvariantCulture, $"  -attime {Established.ToUnixTimeSeconds()} -out receipt-verified.txt\n")
            .Append("cat receipt-verified.txt\n");
        return commands.ToString();
    }
}
