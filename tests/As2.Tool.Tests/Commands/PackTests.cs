using System.Security.Cryptography;
using System.Text.Json;
using As2.Certificates;
using As2.Testing;

namespace As2.Tool.Tests.Commands;

/// <summary><c>as2 pack</c>, then <c>inspect</c> and <c>unpack</c> by the other side, with RSA and EC keys.</summary>
public sealed class PackTests
{
    private static readonly string[][] s_protections =
    [
        [], ["--encrypt", "none"], ["--sign", "none"], ["--sign", "none", "--encrypt", "none"], ["--compress", "before"], ["--compress", "after"],
        ["--sign", "sha-512", "--encrypt", "aes256-gcm"], ["--sign", "sha1", "--encrypt", "3des-cbc"],
        ["--sign", "sha3-384", "--key-transport", "rsa-oaep-sha512", "--encoding", "base64", "--certificates", "none"],
        ["--preset", "peppol"], ["--preset", "biztalk", "--sign", "sha-384"], ["--preset", "openas2", "--compress", "before", "--sign", "none"],
    ];

    [Test]
    public async Task what_is_packed_is_what_the_partner_finds([ValueSource(nameof(s_protections))] string[] protection, [Values] bool ec)
    {
        using var folder = new TempFolder();
        var (me, them) = ec ? (TestKeys.Ec("me"), TestKeys.Ec("them")) : (TestKeys.Rsa("me"), TestKeys.Rsa("them"));
        var payload = RandomNumberGenerator.GetBytes(300_000);
        var packed = await Tool.ExpectAsync(0, ["pack", folder.Write("order.edi", payload), "--from", "ME", "--to", "THEM \"Co\"", .. Pair(folder, me, them), .. protection, "--type", "application/EDI-X12", "--out", folder["m.http"]]);

        var inspected = await Tool.ExpectAsync(0, ["inspect", "--json", folder["m.http"], .. Pair(folder, them, me)]);

        using var report = JsonDocument.Parse(inspected.Text);
        var found = report.RootElement;
        Assert.That(found.GetProperty("as2To").GetString(), Is.EqualTo("THEM \"Co\""));
        Assert.That(found.GetProperty("disposition").GetString(), Is.EqualTo("processed"));
        Assert.That(found.GetProperty("payloads")[0].GetProperty("sha256").GetString(), Is.EqualTo(Convert.ToHexStringLower(SHA256.HashData(payload))));
        Assert.That(packed.Text, Does.Contain($"MIC {found.GetProperty("mic").GetProperty("value")}, {found.GetProperty("mic").GetProperty("algorithm")}"));

        await Tool.ExpectAsync(0, ["unpack", folder["m.http"], .. Pair(folder, them, me), "--out", folder["out"]]);
        Assert.That(await File.ReadAllBytesAsync(Path.Combine(folder["out"], "order.edi")), Is.EqualTo(payload));
    }

    [Test]
    public async Task a_pss_signature_is_verified_by_the_partner()
    {
        using var folder = new TempFolder();
        var (me, them) = (TestKeys.Rsa("me"), TestKeys.Rsa("them"));
        await Tool.ExpectAsync(0, ["pack", folder.Write("order.edi", "hello"), "--from", "ME", "--to", "THEM", .. Pair(folder, me, them), "--pss", "--out", folder["m.http"]]);
        var inspected = await Tool.ExpectAsync(0, ["inspect", folder["m.http"], .. Pair(folder, them, me)]);
        Assert.That(inspected.Text, Does.Contain("PSS").And.Contain("CN=me: verified"));
    }

    [Test]
    public async Task several_files_become_attachments_and_nothing_is_overwritten()
    {
        using var folder = new TempFolder();
        var (me, them) = (TestKeys.Rsa("me"), TestKeys.Rsa("them"));
        await Tool.ExpectAsync(0, ["pack", folder.Write("a.xml", "<a/>"), folder.Write("b.txt", "b"), "--from", "ME", "--to", "THEM", .. Pair(folder, me, them), "--out", folder["m.http"]]);
        Directory.CreateDirectory(folder["out"]);
        await File.WriteAllTextAsync(Path.Combine(folder["out"], "a.xml"), "mine");

        await Tool.ExpectAsync(0, ["unpack", folder["m.http"], .. Pair(folder, them, me), "--out", folder["out"]]);

        Assert.That(Directory.GetFiles(folder["out"]).Select(Path.GetFileName), Is.EquivalentTo(new[] { "a.xml", "a-2.xml", "b.txt" }));
        Assert.That(await File.ReadAllTextAsync(Path.Combine(folder["out"], "a.xml")), Is.EqualTo("mine"));
    }

    [Test]
    public async Task a_message_is_never_overwritten_and_nothing_is_left_behind()
    {
        using var folder = new TempFolder();
        folder.Write("m.http", "mine");
        var result = await Tool.ExpectAsync(3, ["pack", folder.Write("a", "a"), "--from", "A", "--to", "B", "--sign", "none", "--encrypt", "none", "--out", folder["m.http"]]);
        Assert.That(result.Error, Does.Contain("not overwritten"));
        Assert.That(Directory.GetFiles(folder.Path), Has.Length.EqualTo(2));
    }

    [TestCase("--sign", "sha-256", "--encrypt", "none", Description = "no key")]
    [TestCase("--sign", "none", "--encrypt", "aes256-cbc", Description = "no partner")]
    [TestCase("--sign", "none", "--encrypt", "rot13")]
    public async Task what_is_missing_is_said(params string[] protection)
    {
        using var folder = new TempFolder();
        var result = await Tool.ExpectAsync(2, ["pack", folder.Write("a", "a"), "--from", "A", "--to", "B", .. protection, "--out", folder["m.http"]]);
        Assert.That(result.Error, Does.StartWith("as2: ").And.Contain("none"));
        Assert.That(File.Exists(folder["m.http"]), Is.False);
    }

    private static string[] Pair(TempFolder folder, As2Certificate own, As2Certificate partner)
    {
        var (ownCertificate, ownKey) = TestKeys.WritePem(own, folder, $"own-{own.Thumbprint[..8]}");
        var (partnerCertificate, _) = TestKeys.WritePem(partner, folder, $"partner-{partner.Thumbprint[..8]}");
        return ["--key", ownKey, "--cert", ownCertificate, "--partner", partnerCertificate];
    }
}
