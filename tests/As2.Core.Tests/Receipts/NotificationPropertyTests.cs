using As2.Headers;
using As2.Layers;
using As2.Receipts;
using As2.Testing;
using CsCheck;

namespace As2.Core.Tests.Receipts;

/// <summary>What is written into a notification is what is read out of it, whatever it says.</summary>
public sealed class NotificationPropertyTests
{
    private static readonly Gen<string> s_word = Gen.String[Gen.Char['!', '~'], 1, 60];

    private static readonly Gen<MessageIntegrityCheck> s_mic =
        from algorithm in Gen.Int[0, DigestAlgorithm.All.Count - 1].Select(i => DigestAlgorithm.All[i])
        from digest in Gen.Byte.Array[algorithm.Length]
        select new MessageIntegrityCheck(algorithm, digest);

    private static readonly Gen<Disposition> s_disposition = Of(
        Disposition.Processed, Disposition.DuplicateDocument, Disposition.DecryptionFailed, Disposition.IntegrityCheckFailed,
        Disposition.UnsupportedFormat, Disposition.UnsupportedMicAlgorithms, Disposition.SenderEqualsReceiver, Disposition.UnknownTradingPartner);

    private static readonly Gen<MessageDispositionNotification> s_notification =
        from id in Gen.String[Gen.Char['!', '~'], 1, 200]
        from recipient in s_word
        from product in s_word
        from disposition in s_disposition
        from mic in s_mic
        from hasMic in Gen.Bool
        select new MessageDispositionNotification
        {
            ReportingUa = product,
            OriginalRecipient = recipient,
            FinalRecipient = recipient,
            OriginalMessageId = $"<{id}>",
            Disposition = disposition,
            Mic = hasMic ? mic : null,
        };

    [Test]
    [Rfc("8098", "3.1")]
    [Rfc("4130", "7.4.2")]
    public void fields_come_back() => s_notification.Sample(written =>
    {
        using var octets = new PooledBuffer();
        NotificationFields.Write(written, null, octets);
        var fields = HeaderFields.Parse(octets.Span);
        var oddities = new List<string>();
        return NotificationFields.TryRead(fields, out var read, oddities) && oddities.Count == 0 && IsSame(written, read);
    });

    [Test]
    [Rfc("4130", "7.4.1")]
    public void receipts_come_back() => Gen.Select(s_notification, Gen.Bool).Sample((written, signed) =>
    {
        var signer = signed ? TestKeys.Ec("property") : null;
        var now = new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);
        var receipt = ReceiptWriter.Write(written, signer, DigestAlgorithm.Sha256, now);
        var read = ReceiptReader.Read(receipt.Headers, receipt.Body, [TestKeys.Ec("property")], now);
        return read.Fault is null && read.IsSigned == signed && (read.Signer is not null) == signed && IsSame(written, read.Notification!);
    }, iter: 200);

    [Test]
    [Rfc("4130", "7.4.3")]
    public void a_mic_comes_back_in_every_spelling() => Gen.Select(s_mic, Of("", " ", "  ", "\t"), Gen.Bool).Sample((mic, blanks, upper) =>
    {
        var name = upper ? mic.Algorithm.WireName.ToUpperInvariant() : mic.Algorithm.WireName;
        return MessageIntegrityCheck.TryParse($"{blanks}{Convert.ToBase64String(mic.Digest.Span)}{blanks},{blanks}{name}{blanks}", out var read) && read.Equals(mic);
    });

    private static Gen<T> Of<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static bool IsSame(MessageDispositionNotification a, MessageDispositionNotification b)
        => a.ReportingUa == b.ReportingUa && a.OriginalRecipient == b.OriginalRecipient && a.FinalRecipient == b.FinalRecipient
            && a.OriginalMessageId == b.OriginalMessageId && a.Disposition == b.Disposition && Equals(a.Mic, b.Mic);
}
