using System.Runtime.Versioning;
using As2.Testing;

namespace As2.Tool.Tests.Commands;

/// <summary><c>as2 keys new</c>: what it writes, and that openssl can read it.</summary>
public sealed class KeysTests
{
    [Test]
    public async Task a_new_key_comes_in_every_form_and_openssl_reads_them()
    {
        using var folder = new TempFolder();
        await Tool.ExpectAsync(0, "keys", "new", "ACME Corp", "--out", folder.Path, "--password", "secret");

        var subject = await Openssl.RunAsync(default, "x509", "-in", folder["ACME_Corp.crt.pem"], "-noout", "-subject");
        Assert.That(System.Text.Encoding.UTF8.GetString(subject), Does.Contain("ACME Corp"));
        await Openssl.RunAsync(default, "x509", "-inform", "DER", "-in", folder["ACME_Corp.crt.der"], "-noout");
        await Openssl.RunAsync(default, "pkcs7", "-inform", "DER", "-in", folder["ACME_Corp.p7b"], "-print_certs");
        await Openssl.RunAsync(default, "pkcs12", "-in", folder["ACME_Corp.p12"], "-passin", "pass:secret", "-noout");
        await Openssl.RunAsync(default, "rsa", "-in", folder["ACME_Corp.key.pem"], "-check", "-noout");
    }

    [Test]
    [Platform(Exclude = "Win")]
    [UnsupportedOSPlatform("windows")]
    public async Task private_keys_are_readable_by_their_owner_only()
    {
        using var folder = new TempFolder();
        await Tool.ExpectAsync(0, "keys", "new", "me", "--out", folder.Path, "--ec", "p256");

        Assert.That(File.GetUnixFileMode(folder["me.key.pem"]), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
        Assert.That(File.GetUnixFileMode(folder["me.p12"]), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    [Test]
    public async Task a_key_is_never_overwritten()
    {
        using var folder = new TempFolder();
        await Tool.ExpectAsync(0, "keys", "new", "me", "--out", folder.Path, "--ec", "p256");
        var before = await File.ReadAllTextAsync(folder["me.key.pem"]);

        var second = await Tool.ExpectAsync(3, "keys", "new", "me", "--out", folder.Path, "--ec", "p256");

        Assert.That(second.Error, Does.Contain("never overwritten"));
        Assert.That(await File.ReadAllTextAsync(folder["me.key.pem"]), Is.EqualTo(before));
    }

    [TestCase("--rsa", "1024")]
    [TestCase("--days", "0")]
    [TestCase("--days", "many")]
    public async Task nonsense_is_a_usage_error(string option, string value)
    {
        using var folder = new TempFolder();
        await Tool.ExpectAsync(2, "keys", "new", "me", "--out", folder.Path, option, value);
        Assert.That(Directory.EnumerateFileSystemEntries(folder.Path), Is.Empty);
    }
}
