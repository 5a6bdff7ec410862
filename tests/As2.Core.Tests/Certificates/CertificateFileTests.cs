using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using As2.Certificates;
using As2.Testing;

namespace As2.Core.Tests.Certificates;

public sealed class CertificateFileTests
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    [Test]
    public async Task a_new_certificate_is_as_partners_want_it([Values] CertificateKeyKind key)
    {
        using var made = CertificateFactory.CreateSelfSigned("Zürich, \"AG\"", s_now, TimeSpan.FromDays(30), key);
        var text = System.Text.Encoding.UTF8.GetString(await Openssl.RunAsync(made.Der, "x509", "-inform", "DER", "-noout", "-text"));
        Assert.Multiple(() =>
        {
            Assert.That(text, Does.Contain("Version: 3").And.Contain("Digital Signature").And.Contain("CA:FALSE"));
            Assert.That(text, Does.Match("Signature Algorithm: (sha256WithRSAEncryption|ecdsa-with-SHA256)"));
            Assert.That(made.Certificate.SerialNumberBytes.Span[0], Is.InRange(0x40, 0x7F));
            Assert.That(made.Certificate.GetNameInfo(X509NameType.SimpleName, false), Is.EqualTo("Zürich, \"AG\""));
            Assert.That((made.NotBefore, made.NotAfter), Is.EqualTo((s_now, s_now.AddDays(30))));
            Assert.That(made.Certificate.HasPrivateKey);
            Assert.That(made.RsaPrivateKey?.KeySize, Is.EqualTo(key.ToString().StartsWith("Rsa", StringComparison.Ordinal) ? int.Parse(key.ToString()[3..]) : null));
        });
    }

    [TestCase("localhost", true)]
    [TestCase("127.0.0.1", true)]
    [TestCase("::1", true)]
    [TestCase("elsewhere.example", false)]
    public void a_new_certificate_of_a_tls_server_is_for_the_hosts_it_names(string host, bool isFor)
    {
        using var made = CertificateFactory.CreateSelfSigned("name", s_now, key: CertificateKeyKind.P256, hosts: ["localhost", "127.0.0.1", "::1"]);
        Assert.That(made.Certificate.MatchesHostname(host, allowCommonName: false), Is.EqualTo(isFor));
    }

    [Test]
    public void every_form_comes_back([Values] bool ec)
    {
        var made = ec ? TestKeys.Ec("alice") : TestKeys.Rsa("alice");
        using var folder = new TempFolder();
        var forms = new Dictionary<string, byte[]>
        {
            ["pem"] = Ascii(CertificateFile.ToPem(made)),
            ["pem+key"] = Ascii(CertificateFile.ToPem(made) + CertificateFile.ToKeyPem(made)),
            ["key+pem"] = Ascii(CertificateFile.ToKeyPem(made) + CertificateFile.ToPem(made)),
            ["pem+encrypted key"] = Ascii(CertificateFile.ToPem(made) + CertificateFile.ToKeyPem(made, "secret")),
            ["der"] = made.Der.ToArray(),
            ["pkcs7"] = CertificateFile.ToPkcs7(made),
            ["pkcs7 pem"] = Ascii(PemEncoding.WriteString("PKCS7", CertificateFile.ToPkcs7(made))),
            ["pkcs12"] = CertificateFile.ToPkcs12(made, "secret"),
        };
        foreach (var (name, content) in forms)
        {
            using var read = CertificateFile.Load(folder.Write("file", content), "secret");
            Assert.That(read.Der.ToArray(), Is.EqualTo(made.Der.ToArray()), name);
            Assert.That(read.Certificate.HasPrivateKey, Is.EqualTo(name.Contains("key", StringComparison.Ordinal) || name == "pkcs12"), name);
        }
    }

    [Test]
    public async Task files_of_openssl_are_read()
    {
        using var folder = new TempFolder();
        var (certificate, key) = TestKeys.WritePem(TestKeys.Rsa("alice"), folder, "alice");
        var (issuer, _) = TestKeys.WritePem(TestKeys.Rsa("issuer"), folder, "issuer");
        await Openssl.RunAsync(default, "rsa", "-in", key, "-traditional", "-out", folder["pkcs1.pem"]);
        await Openssl.RunAsync(default, "crl2pkcs7", "-nocrl", "-certfile", certificate, "-certfile", issuer, "-out", folder["chain.p7b"]);
        foreach (var (file, extra) in new[] { ("modern.p12", Array.Empty<string>()), ("3des.p12", ["-certpbe", "PBE-SHA1-3DES", "-keypbe", "PBE-SHA1-3DES", "-macalg", "sha1"]) })
            await Openssl.RunAsync(default, ["pkcs12", "-export", "-in", certificate, "-inkey", key, "-certfile", issuer, "-passout", "pass:test", "-out", folder[file], .. extra]);
        using var pkcs1 = CertificateFile.Load(certificate, keyPath: folder["pkcs1.pem"]);
        using var chain = CertificateFile.Load(folder["chain.p7b"]);
        using var modern = CertificateFile.Load(folder["modern.p12"], "test");
        using var old = CertificateFile.Load(folder["3des.p12"], "test");
        Assert.Multiple(() =>
        {
            Assert.That(pkcs1.RsaPrivateKey, Is.Not.Null);
            Assert.That(chain.Issuers, Has.Count.EqualTo(1));
            Assert.That(modern.RsaPrivateKey, Is.Not.Null);
            Assert.That(modern.Issuers.Single().RawData, Is.EqualTo(TestKeys.Rsa("issuer").Der.ToArray()));
            Assert.That(old.RsaPrivateKey, Is.Not.Null);
        });
    }

    [Test]
    public async Task every_form_of_a_key_goes_with_every_form_of_its_certificate([Values] bool ec)
    {
        using var folder = new TempFolder();
        var made = ec ? TestKeys.Ec("key forms") : TestKeys.Rsa("key forms");
        var (pem, key) = TestKeys.WritePem(made, folder, "key");
        string[][] forms =
        [
            ["pkcs8", "-topk8", "-nocrypt"], ["pkcs8", "-topk8", "-nocrypt", "-outform", "DER"],
            ["pkcs8", "-topk8", "-passout", "pass:secret"], ["pkcs8", "-topk8", "-passout", "pass:secret", "-outform", "DER"],
            .. ec
                ? (string[][])[["ec"], ["ec", "-outform", "DER"], ["ec", "-aes128", "-passout", "pass:secret"]]
                : [["rsa", "-traditional"], ["rsa", "-traditional", "-outform", "DER"], ["rsa", "-traditional", "-aes128", "-passout", "pass:secret"]],
        ];
        string[] certificates = [pem, folder.Write("c.der", made.Der.Span), folder.Write("c.p7b", CertificateFile.ToPkcs7(made))];
        foreach (var form in forms)
        {
            var file = folder[$"{string.Concat(form).Replace(":", "", StringComparison.Ordinal)}.key"];
            await Openssl.RunAsync(default, [.. form, "-in", key, "-out", file]);
            foreach (var certificate in certificates)
            {
                using var read = CertificateFile.Load(certificate, "secret", file);
                Assert.That(read.Certificate.HasPrivateKey, $"{string.Join(' ', form)} with {Path.GetFileName(certificate)}");
            }
            if (form.Contains("pass:secret"))
                Assert.That(() => CertificateFile.Load(pem, "wrong", file), Throws.TypeOf<As2Exception>().With.Property("Id").EqualTo("AS2-CERT-003"), string.Join(' ', form));
        }
    }

    [TestCase("missing", null)]
    [TestCase("garbage", "not a certificate")]
    [TestCase("empty", "")]
    [TestCase("der", "\u0030\u0003\u0002\u0001\u0001")]
    public void a_file_that_holds_none_says_so(string name, string? content)
    {
        using var folder = new TempFolder();
        if (content is not null)
            folder.Write(name, content);
        Assert.That(() => CertificateFile.Load(folder[name]), Throws.TypeOf<As2Exception>().With.Property("Id").EqualTo("AS2-CERT-003").And.Message.Contains(name));
    }

    [Test]
    public void a_wrong_password_is_told_without_the_password()
    {
        using var folder = new TempFolder();
        var path = folder.Write("x.p12", CertificateFile.ToPkcs12(TestKeys.Rsa("alice"), "right"));
        Assert.That(() => CertificateFile.Load(path, "wrong-secret"), Throws.TypeOf<As2Exception>().With.Message.Not.Contains("wrong-secret"));
    }

    [Test]
    [UnsupportedOSPlatform("windows")]
    public void a_secret_file_is_for_its_owner_only()
    {
        using var folder = new TempFolder();
        CertificateFile.WriteSecret(folder["k.pem"], "x"u8);
        Assert.That(File.GetUnixFileMode(folder["k.pem"]), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    [Test]
    public async Task odd_serial_numbers_and_string_types_are_kept_as_they_are()
    {
        using var folder = new TempFolder();
        foreach (var serial in new[] { "0", "-5", "0x00FF" })
        {
            await Openssl.RunAsync(default, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-set_serial", serial, "-days", "36500",
                "-subj", "/CN=odd #1", "-keyout", folder["signer.key.pem"], "-out", folder["signer.crt.pem"]);
            using var odd = CertificateFile.Load(folder["signer.crt.pem"]);
            var content = "content"u8.ToArray();
            var cms = await Openssl.RunAsync(content, "cms", "-sign", "-binary", "-outform", "DER",
                "-signer", folder["signer.crt.pem"], "-inkey", folder["signer.key.pem"]);
            var verdict = As2.Layers.SignedData.Verify(cms, d => As2.Layers.Digester.Hash(d, content), [TestKeys.Rsa("other"), odd], odd.NotBefore.AddHours(1), As2.Layers.LayerLimits.Default);
            Assert.That(verdict.Signer, Is.SameAs(odd), () => verdict.Fault!.Diagnosis);
            Assert.That(verdict.Remarks, Is.Empty);
        }
    }

    private static byte[] Ascii(string text) => System.Text.Encoding.ASCII.GetBytes(text);
}
