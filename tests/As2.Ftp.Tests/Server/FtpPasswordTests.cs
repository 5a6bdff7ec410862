using System.Diagnostics;
using As2.Ftp.Server.Accounts;

namespace As2.Ftp.Tests.Server;

public sealed class FtpPasswordTests
{
    [Test]
    public void the_right_password_is_right_and_others_are_wrong()
    {
        var stored = FtpPassword.Hash("Grüße");
        Assert.That(FtpPassword.Verify(stored, "Grüße"), Is.True);
        Assert.That(FtpPassword.Verify(stored, "grüße"), Is.False);
        Assert.That(FtpPassword.Verify(stored, ""), Is.False);
    }

    [Test]
    public void two_hashes_of_one_password_differ()
    {
        string[] hashes = [FtpPassword.Hash("a"), FtpPassword.Hash("a")];
        Assert.That(hashes, Is.Unique);
    }

    [Test]
    public void an_unknown_user_costs_as_much_as_a_known_one()
    {
        var stored = FtpPassword.Hash("a");
        FtpPassword.Verify(null, "warm");
        var (known, unknown) = (Best(() => FtpPassword.Verify(stored, "b")), Best(() => FtpPassword.Verify(null, "b")));
        Assert.That(unknown / known, Is.InRange(0.5, 2));
    }

    [TestCase("plain")]
    [TestCase("pbkdf2-sha512$1$AAAA$AAAA")]
    [TestCase("md5$210000$AAAAAAAAAAAAAAAAAAAAAA==$AAAA")]
    public void a_stored_text_in_another_form_is_a_fault_of_the_host(string stored)
        => Assert.That(Assert.Throws<As2Exception>(() => FtpPassword.Verify(stored, "x"))!.Id, Is.EqualTo("AS2-FTP-010"));

    private static double Best(Action work) => Enumerable.Range(0, 5).Min(_ =>
    {
        var begun = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
    });
}
