using As2.Certificates;
using As2.Testing;

namespace As2.Core.Tests.Certificates;

public sealed class CertificateSelectionTests
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    private static readonly CertificateRole[] s_choosing = [CertificateRole.Sign, CertificateRole.Encrypt, CertificateRole.SignReceipt];
    private static readonly CertificateRole[] s_trying = [CertificateRole.Decrypt, CertificateRole.Verify, CertificateRole.VerifyReceipt];

    [Rfc("4130", "8")]
    [Test]
    public void on_every_path_the_switch_happens_at_its_moment([Values] CertificateRole role)
    {
        using var old = Window(-10, 10);
        using var next = Window(1, 30);
        var held = new[] { next, old };
        Assert.Multiple(() =>
        {
            Assert.That(CertificateSelection.Select(role, held, s_now)[0], Is.SameAs(old));
            Assert.That(CertificateSelection.Select(role, held, s_now.AddDays(1))[0], Is.SameAs(next));
            Assert.That(CertificateSelection.Select(role, held, s_now.AddDays(11))[0], Is.SameAs(next));
        });
    }

    [Test]
    public void who_signs_and_encrypts_takes_one_and_who_tries_takes_all()
    {
        using var retired = Window(-30, -1);
        using var current = Window(-10, 10);
        var held = new[] { retired, current };
        Assert.Multiple(() =>
        {
            foreach (var role in s_choosing)
                Assert.That(CertificateSelection.Select(role, held, s_now), Is.EqualTo(new[] { current }), role.ToString());
            foreach (var role in s_trying)
                Assert.That(CertificateSelection.Select(role, held, s_now), Is.EqualTo(new[] { current, retired }), role.ToString());
        });
    }

    [Test]
    public void nothing_is_chosen_outside_every_window()
    {
        using var retired = Window(-30, -1);
        Assert.That(s_choosing.SelectMany(role => CertificateSelection.Select(role, [retired], s_now)), Is.Empty);
        Assert.That(CertificateSelection.CoveredUntil(CertificateRole.Sign, [retired], s_now), Is.Null);
    }

    [Test]
    public void our_paths_need_a_private_key()
    {
        var partner = TestKeys.PublicOf(TestKeys.Rsa("alice"));
        Assert.That(CertificateSelection.Select(CertificateRole.Sign, [partner], s_now), Is.Empty);
        Assert.That(CertificateSelection.Select(CertificateRole.Decrypt, [partner], s_now), Is.Empty);
        Assert.That(CertificateSelection.Select(CertificateRole.Encrypt, [partner], s_now), Is.Not.Empty);
    }

    [Test]
    public void cover_lasts_over_overlapping_windows_and_ends_at_a_gap()
    {
        using var first = Window(-10, 10);
        using var second = Window(5, 20);
        using var late = Window(25, 40);
        Assert.That(CertificateSelection.CoveredUntil(CertificateRole.Verify, [late, second, first], s_now), Is.EqualTo(s_now.AddDays(20)));
    }

    private static As2Certificate Window(int from, int to)
        => new(new System.Security.Cryptography.X509Certificates.X509Certificate2(TestKeys.Rsa("alice").Certificate), s_now.AddDays(from), s_now.AddDays(to));
}
