using As2.Agreements;
using As2.Certificates;
using As2.Payloads;
using As2.Storage;
using As2.Testing;

namespace As2.Core.Tests.Walks;

/// <summary>
/// A certificate's successor, through the sender's and the receiver's walk: the old one is in use until day 20, the new one from day 10.
/// One side has both with their windows; the other one has one of them only, so a message passes only with that one.
/// </summary>
public sealed class RollOverTests
{
    private const string Old = "old";
    private const string New = "new";

    private static readonly DateTimeOffset s_start = new(2026, 1, 15, 12, 0, 0, TimeSpan.Zero);

    // Who makes something switches on its day, and makes it with one key.
    [TestCase(CertificateRole.Sign, 0, Old, true)]
    [TestCase(CertificateRole.Sign, 0, New, false)]
    [TestCase(CertificateRole.Sign, 15, Old, false)]
    [TestCase(CertificateRole.Sign, 15, New, true)]
    [TestCase(CertificateRole.Sign, 25, New, true)]
    [TestCase(CertificateRole.Encrypt, 0, Old, true)]
    [TestCase(CertificateRole.Encrypt, 0, New, false)]
    [TestCase(CertificateRole.Encrypt, 15, Old, false)]
    [TestCase(CertificateRole.Encrypt, 15, New, true)]
    [TestCase(CertificateRole.Encrypt, 25, New, true)]
    [TestCase(CertificateRole.SignReceipt, 0, Old, true)]
    [TestCase(CertificateRole.SignReceipt, 0, New, false)]
    [TestCase(CertificateRole.SignReceipt, 15, Old, false)]
    [TestCase(CertificateRole.SignReceipt, 15, New, true)]
    [TestCase(CertificateRole.SignReceipt, 25, New, true)]
    // Who checks takes either while they overlap, and neither outside its window.
    [TestCase(CertificateRole.Verify, 0, Old, true)]
    [TestCase(CertificateRole.Verify, 0, New, false)]
    [TestCase(CertificateRole.Verify, 15, Old, true)]
    [TestCase(CertificateRole.Verify, 15, New, true)]
    [TestCase(CertificateRole.Verify, 25, Old, false)]
    [TestCase(CertificateRole.Verify, 25, New, true)]
    [TestCase(CertificateRole.VerifyReceipt, 0, Old, true)]
    [TestCase(CertificateRole.VerifyReceipt, 0, New, false)]
    [TestCase(CertificateRole.VerifyReceipt, 15, Old, true)]
    [TestCase(CertificateRole.VerifyReceipt, 15, New, true)]
    [TestCase(CertificateRole.VerifyReceipt, 25, Old, false)]
    [TestCase(CertificateRole.VerifyReceipt, 25, New, true)]
    // Who opens tries every key that it holds: a late message may be for the old one, an early partner use the new one.
    [TestCase(CertificateRole.Decrypt, 0, Old, true)]
    [TestCase(CertificateRole.Decrypt, 0, New, true)]
    [TestCase(CertificateRole.Decrypt, 25, Old, true)]
    [TestCase(CertificateRole.Decrypt, 25, New, true)]
    public async Task a_certificate_is_used_in_its_window(CertificateRole path, int day, string other, bool passes)
    {
        var time = new ManualTime();
        time.SetDate(s_start.AddDays(day));
        using var parties = new TwoParties(clock: time);
        Give(parties, path, other);
        var sent = await parties.Sender.SendAsync(Payload.FromBytes("order"u8.ToArray()), parties.Agreement, default);
        Assert.That(sent.State == MessageState.Acknowledged, Is.EqualTo(passes), $"{sent.State}: {sent.Reason}");
    }

    [Test]
    public void nobody_signs_with_a_key_whose_window_is_over()
    {
        var time = new ManualTime();
        time.SetDate(s_start.AddDays(30));
        using var parties = new TwoParties(clock: time);
        var ended = Window(TestKeys.Rsa("Alice"), null, 20);
        parties.AlicesBook.Add(parties.Agreement, PartnershipCertificates.Of(ended, TestKeys.Rsa("Bob")));
        var fault = Assert.ThrowsAsync<As2Exception>(async () => await parties.Sender.SendAsync(Payload.FromBytes("order"u8.ToArray()), parties.Agreement, default));
        Assert.That(fault!.Id, Is.EqualTo("AS2-CERT-011"));
        Assert.That(parties.Requests, Is.Empty);
    }

    /// <summary>Both certificates with their windows to the side whose path it is, one of them to the other side.</summary>
    private static void Give(TwoParties parties, CertificateRole path, string other)
    {
        var isAlices = path is CertificateRole.Sign or CertificateRole.Encrypt or CertificateRole.VerifyReceipt;
        IReadOnlyList<As2Certificate> both = [Window(TestKeys.Rsa(Old), null, 20), Window(TestKeys.Rsa(New), 10, null)];
        var counterpart = path switch
        {
            CertificateRole.Sign => CertificateRole.Verify,
            CertificateRole.Verify => CertificateRole.Sign,
            CertificateRole.Encrypt => CertificateRole.Decrypt,
            CertificateRole.Decrypt => CertificateRole.Encrypt,
            CertificateRole.SignReceipt => CertificateRole.VerifyReceipt,
            _ => CertificateRole.SignReceipt,
        };
        (CertificateRole, IReadOnlyList<As2Certificate>) ours = (path, both), theirs = (counterpart, [TestKeys.Rsa(other)]);
        parties.AlicesBook.Add(parties.Agreement, Put(TestKeys.Rsa("Alice"), TestKeys.Rsa("Bob"), isAlices ? ours : theirs));
        parties.BobsBook.Add(parties.BobsBook.Partnerships.Single(), Put(TestKeys.Rsa("Bob"), TestKeys.Rsa("Alice"), isAlices ? theirs : ours));
    }

    private static PartnershipCertificates Put(As2Certificate ours, As2Certificate theirs, (CertificateRole Role, IReadOnlyList<As2Certificate> Held) path)
    {
        IReadOnlyList<As2Certificate> Of(CertificateRole role, As2Certificate usual) => role == path.Role ? path.Held : [usual];
        return new PartnershipCertificates
        {
            Sign = Of(CertificateRole.Sign, ours),
            Decrypt = Of(CertificateRole.Decrypt, ours),
            Verify = Of(CertificateRole.Verify, theirs),
            Encrypt = Of(CertificateRole.Encrypt, theirs),
            SignReceipt = Of(CertificateRole.SignReceipt, ours),
            VerifyReceipt = Of(CertificateRole.VerifyReceipt, theirs),
        };
    }

    private static As2Certificate Window(As2Certificate key, int? from, int? until)
        => new(key.Certificate, from is { } f ? s_start.AddDays(f) : null, until is { } u ? s_start.AddDays(u) : null);
}
