using As2.Agreements;
using As2.Headers;
using As2.Layers;
using As2.Storage;

namespace As2.Receipts;

/// <summary>What a receipt proves about the message that it answers.</summary>
public enum ReceiptOutcome
{
    /// <summary>It arrived whole: positive, believed, and the MIC is ours.</summary>
    Confirmed,

    /// <summary>The partner says that it was not accepted.</summary>
    Negative,

    /// <summary>Positive, but over other octets than ours.</summary>
    MicMismatch,

    /// <summary>Not to be believed: unsigned where a signature was asked for, or signed by somebody else.</summary>
    NotTrusted,

    /// <summary>Not readable as a receipt.</summary>
    Unreadable,

    /// <summary>It answers another message.</summary>
    NotForThis,
}

/// <summary>The verdict on a receipt.</summary>
/// <param name="Outcome">What it proves.</param>
/// <param name="Reason">Plain words.</param>
/// <param name="Disposition">What it says, where it could be read.</param>
public sealed record ReceiptVerdict(ReceiptOutcome Outcome, string Reason, Disposition? Disposition = null)
{
    /// <summary>True when it settles the message, for good or for bad.</summary>
    public bool IsTrusted => Outcome is ReceiptOutcome.Confirmed or ReceiptOutcome.Negative or ReceiptOutcome.MicMismatch;
}

/// <summary>Checks a receipt against the message that it answers (RFC 4130 §7.5): for this message, believed, positive, same MIC.</summary>
public static class ReceiptVerification
{
    /// <summary>The verdict.</summary>
    /// <param name="receipt">The receipt, its signature already checked against the agreed certificates.</param>
    /// <param name="sent">The message, with the MICs computed when it was packed.</param>
    /// <param name="partnership">What was agreed.</param>
    public static ReceiptVerdict Verify(Receipt receipt, StoredMessage sent, Partnership partnership)
    {
        if (receipt.Notification is not { } notification)
            return new(ReceiptOutcome.Unreadable, receipt.Fault?.Diagnosis ?? "the answer is not a receipt");
        if (notification.OriginalMessageId is { } original && !IsFor(sent, MessageId.KeyOf(original), partnership))
            return new(ReceiptOutcome.NotForThis, $"it answers {original}");
        if (Doubt(receipt, partnership) is { } doubt)
            return new(ReceiptOutcome.NotTrusted, doubt, notification.Disposition);
        if (!notification.Disposition.IsSuccess)
            return new(ReceiptOutcome.Negative, $"the partner answered {notification.Disposition}", notification.Disposition);
        return CheckMic(receipt, notification, sent, partnership);
    }

    private static bool IsFor(StoredMessage sent, string key, Partnership partnership)
        => key == sent.Key.MessageId
            || (partnership.Quirks.Contains(PartnerQuirk.NewMessageIdOnResend) && MessageId.FirstAttemptOf(key) == sent.Key.MessageId);

    private static string? Doubt(Receipt receipt, Partnership partnership)
    {
        if (receipt.IsSigned && receipt.Signer is null)
            return receipt.Fault?.Diagnosis ?? "its signature was not made by an agreed certificate";
        return !receipt.IsSigned && partnership.Receipt.Requirement == ReceiptRequirement.Signed
            ? "a signed receipt was asked for, this one is not signed"
            : null;
    }

    private static ReceiptVerdict CheckMic(Receipt receipt, MessageDispositionNotification notification, StoredMessage sent, Partnership partnership)
    {
        if (notification.Mic is not { } theirs)
        {
            return receipt.IsSigned && !partnership.Quirks.Contains(PartnerQuirk.AcceptMissingMic)
                ? new(ReceiptOutcome.MicMismatch, "it is positive and signed, but carries no MIC: what arrived is not proven", notification.Disposition)
                : Confirmed(receipt, notification, partnership, "without a MIC");
        }
        var ours = sent.ReadMics();
        if (ours.Contains(theirs))
            return Confirmed(receipt, notification, partnership, $"MIC {theirs}");
        var difference = ours.Any(m => m.Algorithm == theirs.Algorithm)
            ? $"the partner's MIC is {theirs}, ours is {string.Join(" or ", ours)}"
            : $"the partner's MIC is in {theirs.Algorithm}, ours is {string.Join(" or ", ours)}: the two cannot be compared";
        return partnership.Quirks.Contains(PartnerQuirk.AcceptMicMismatch)
            ? Confirmed(receipt, notification, partnership, $"by agreement, although {difference}")
            : new(ReceiptOutcome.MicMismatch, difference, notification.Disposition);
    }

    private static ReceiptVerdict Confirmed(Receipt receipt, MessageDispositionNotification notification, Partnership partnership, string how)
    {
        var remarks = new List<string>(receipt.Remarks);
        if (notification.FinalRecipient is { } name && !As2Identifier.ReadHeader(name).Contains(partnership.Partner))
            remarks.Add($"its Final-Recipient is {name}");
        if (notification.OriginalMessageId is null)
            remarks.Add("it does not say which message it answers");
        var reason = $"{notification.Disposition}, {how}{string.Concat(remarks.Select(r => "; " + r))}{(receipt.Signer is { } signer ? SignerRecord.Of(signer) : "")}";
        return new(ReceiptOutcome.Confirmed, reason, notification.Disposition);
    }
}
