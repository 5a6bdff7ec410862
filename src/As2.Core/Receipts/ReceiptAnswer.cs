using System.Runtime.CompilerServices;
using As2.Agreements;
using As2.Certificates;
using As2.Headers;
using As2.Layers;
using As2.Storage;

namespace As2.Receipts;

/// <summary>Step 8 of the receive walk: the receipt that answers a message, ready for the wire.</summary>
internal sealed class ReceiptAnswer(PartnerServices partners, As2Options options, TimeProvider clock)
{
    /// <summary>The receipt as it will go over the wire, or null when none was asked for.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<WireMessage?> WriteAsync(InboundMessage message, Disposition disposition, CancellationToken cancellationToken)
    {
        var request = message.ReceiptRequest;
        if (request.Requirement == ReceiptRequirement.None)
            return null;
        var quirks = message.Partnership.Quirks;
        if (quirks.Contains(PartnerQuirk.NoWarnings) && disposition.Modifier == DispositionModifierKind.Warning)
            disposition = Disposition.Processed;
        var signer = request.Requirement == ReceiptRequirement.Signed || quirks.Contains(PartnerQuirk.SignEveryReceipt)
            ? await SignerAsync(message.Partnership, cancellationToken).ConfigureAwait(false)
            : null;
        using var place = await partners.Keys.EnterAsync(isLast: true, cancellationToken).ConfigureAwait(false);
        var receipt = ReceiptWriter.Write(Notification(message.Head, disposition, Mic(message, disposition)), new ReceiptWriterOptions
        {
            Signer = signer,
            Security = message.Partnership.Sending.Digest == request.SignatureDigest ? message.Partnership.Sending : message.Partnership.Sending with { Digest = request.SignatureDigest },
            Quirks = quirks,
            Note = request.Requirement == ReceiptRequirement.Signed && signer is null ? "A signed receipt was asked for; our key for receipts is not in use." : null,
            Now = clock.GetUtcNow(),
        });
        return new WireMessage(HeadersOf(receipt, message.Partnership), StoredContent.FromBytes(receipt.Body));
    }

    /// <summary>
    /// The receipt of a message that was taken before: as a rule that of the first copy. A new one where there is none, or where the
    /// agreement wants the partner told.
    /// </summary>
    public async ValueTask<(WireMessage? Receipt, Disposition Disposition)> RepeatAsync(
        InboundMessage message, StoredMessage earlier, CancellationToken cancellationToken)
    {
        var quirks = message.Partnership.Quirks;
        var isAgreed = quirks.Contains(PartnerQuirk.RefuseDuplicates) || quirks.Contains(PartnerQuirk.WarnOfDuplicates);
        if (!isAgreed && (earlier.Receipt is not null || message.ReceiptUrl is not null))
            return (earlier.Receipt, Disposition.TryParse(earlier.Disposition, out var first) ? first : Disposition.Processed);
        var disposition = quirks.Contains(PartnerQuirk.RefuseDuplicates) ? Disposition.UnexpectedProcessingError : Disposition.DuplicateDocument;
        return (await WriteAsync(message, disposition, cancellationToken).ConfigureAwait(false), disposition);
    }

    /// <summary>The unsigned receipt for a pair that we do not know; null where none was asked for, or not on this connection.</summary>
    public ReceiveResult? ForStranger(HeaderFields headers, RequestHead head)
    {
        var request = ReceiptRequest.Read(headers);
        var isWanted = request.Requirement != ReceiptRequirement.None && request.AsynchronousUrl is null && head.HasMessageId;
        if (!isWanted || options.StrangerAnswer == StrangerAnswer.Forbidden)
            return null;
        var disposition = head.From == head.To ? Disposition.SenderEqualsReceiver
            : options.StrangerAnswer == StrangerAnswer.UnknownTradingRelationship ? Disposition.UnknownTradingRelationship
            : Disposition.UnknownTradingPartner;
        var receipt = ReceiptWriter.Write(Notification(head, disposition, null), null, DigestAlgorithm.Sha256, clock.GetUtcNow());
        return new ReceiveResult
        {
            Outcome = ReceiveOutcome.TurnedAway,
            StatusCode = 200,
            Headers = HeadersOf(receipt, new Partnership { Local = head.To, Partner = head.From }),
            Body = receipt.Body,
            Disposition = disposition,
            Diagnosis = $"no partnership of {head.To} with {head.From}",
        };
    }

    /// <summary>
    /// The MIC that the receipt carries. A negative receipt carries none unless the content was signed: the digest of a secret
    /// would tell a stranger what he guessed.
    /// </summary>
    private static MessageIntegrityCheck? Mic(InboundMessage message, Disposition disposition)
    {
        if (!disposition.IsSuccess && !message.Trace.IsSigned)
            return null;
        var wanted = MicDigestChoice.Choose(message.Trace.Signature?.Digest, message.ReceiptRequest.Digests, message.Partnership.Quirks);
        return message.Trace.Mics.FirstOrDefault(m => m.Algorithm == wanted) ?? message.Trace.Mics.FirstOrDefault();
    }

    private MessageDispositionNotification Notification(RequestHead head, Disposition disposition, MessageIntegrityCheck? mic) => new()
    {
        ReportingUa = options.Product,
        OriginalRecipient = head.To.ToHeader(),
        FinalRecipient = head.To.ToHeader(),
        OriginalMessageId = head.MessageId,
        Disposition = disposition,
        Mic = mic,
    };

    /// <summary>Our key for receipts; null when none is in use, and the receipt goes unsigned (its text says so).</summary>
    private async ValueTask<As2Certificate?> SignerAsync(Partnership partnership, CancellationToken cancellationToken)
        => (await partners.Certificates.SelectAsync(partnership, CertificateRole.SignReceipt, clock.GetUtcNow(), cancellationToken).ConfigureAwait(false)).FirstOrDefault();

    private HeaderFields HeadersOf(Receipt receipt, Partnership partnership)
    {
        var now = clock.GetUtcNow();
        var headers = MessageHeaders.Common(partnership, MessageId.New(options.MessageIdHost, now), options, now);
        foreach (var (name, value) in receipt.Headers)
            headers.Add(name, value);
        return headers;
    }
}
