using System.Text;
using As2.Agreements;
using As2.Certificates;
using As2.Layers;
using As2.Receipts;
using As2.Testing;
using Org.BouncyCastle.Cms;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Operators;
using Org.BouncyCastle.OpenSsl;
using Org.BouncyCastle.X509;

namespace As2.Core.Tests.Layers;

public sealed class SignedDataTests
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);
    private static readonly byte[] s_content = Encoding.ASCII.GetBytes("Content-Type: text/plain\r\n\r\nUNB+UNOA:1\r\n");
    private static As2Certificate Alice => TestKeys.Rsa("alice");
    private static As2Certificate Mallory => TestKeys.Rsa("mallory");

    private static IEnumerable<DigestAlgorithm> Digests => DigestAlgorithm.All;

    [Rfc("8551", "2.2")]
    [Rfc("5652", "5.4")]
    [Test]
    public void our_rsa_signature_verifies([ValueSource(nameof(Digests))] DigestAlgorithm digest, [Values] SignatureScheme scheme, [Values] bool attributes)
    {
        var cms = Sign(Alice, new() { Digest = digest, Signature = scheme, SignedAttributes = attributes });
        var verdict = Verify(cms, TestKeys.PublicOf(Alice));
        Assert.Multiple(() =>
        {
            Assert.That(verdict.Fault, Is.Null, () => verdict.Fault!.Diagnosis);
            Assert.That(verdict.Signer, Is.SameAs(TestKeys.PublicOf(Alice)));
            Assert.That(verdict.Digest, Is.EqualTo(digest));
            Assert.That(verdict.SigningTime, Is.EqualTo(attributes ? s_now : null));
            Assert.That(SignedData.ReadDigests(cms, LayerLimits.Default), Is.EqualTo(new[] { digest }));
        });
    }

    [Test]
    public void our_ecdsa_signature_verifies([ValueSource(nameof(Digests))] DigestAlgorithm digest)
    {
        if (digest == DigestAlgorithm.Md5)
        {
            Assert.That(() => Sign(TestKeys.Ec("carol"), new() { Digest = digest }), Throws.TypeOf<As2Exception>().With.Property("Id").EqualTo("AS2-CERT-002"));
            return;
        }
        Assert.That(Verify(Sign(TestKeys.Ec("carol"), new() { Digest = digest }), TestKeys.Ec("carol")).Fault, Is.Null);
    }

    [Rfc("8551", "2.2")]
    [Rfc("4056", "3")]
    [Rfc("5652", "5.4")]
    [TestCase("sha1")]
    [TestCase("sha-224")]
    [TestCase("sha-256")]
    [TestCase("sha-384")]
    [TestCase("sha-512")]
    [TestCase("sha3-256")]
    public async Task openssl_verifies_what_we_sign(string digest)
    {
        Assert.That(DigestAlgorithm.TryParse(digest, out var algorithm));
        foreach (var security in Ways(algorithm!))
        {
            foreach (var signer in new[] { Alice, TestKeys.Ec("carol") })
            {
                if (security.Signature == SignatureScheme.RsaPss && signer.RsaPublicKey is null)
                    continue;
                await OpensslVerifies(Sign(signer, security), signer);
            }
        }
    }

    [Test]
    public async Task openssl_sees_no_algorithm_protection_and_the_certificates_we_agreed()
    {
        var withIssuer = new As2Certificate(Alice.Certificate) { Issuers = [Mallory.Certificate] };
        var printed = new List<string>();
        foreach (var certificates in Enum.GetValues<EmbeddedCertificates>())
        {
            var cms = Sign(withIssuer, new() { EmbeddedCertificates = certificates });
            printed.Add(Encoding.UTF8.GetString(await Openssl.RunAsync(cms, "cms", "-cmsout", "-print", "-inform", "DER")));
        }
        Assert.Multiple(() =>
        {
            Assert.That(printed.Select(p => p.Split("d.certificate:").Length - 1), Is.EqualTo(new[] { 0, 1, 2 }));
            Assert.That(printed, Has.All.Not.Contain("1.2.840.113549.1.9.52").And.Not.Contain("lgorithmProtect"));
        });
    }

    [Rfc("8551", "2.2")]
    [Rfc("4056", "3")]
    [Rfc("5652", "5.3")]
    [TestCase("sha256")]
    [TestCase("sha1")]
    [TestCase("sha224")]
    [TestCase("sha512")]
    [TestCase("sha384", "-keyid")]
    [TestCase("sha256", "-noattr")]
    [TestCase("sha256", "-stream")]
    [TestCase("sha256", "-nocerts")]
    [TestCase("sha256", "-keyopt", "rsa_padding_mode:pss")]
    [TestCase("sha256", "-keyopt", "rsa_padding_mode:pss", "-keyopt", "rsa_pss_saltlen:20")]
    [TestCase("sha512", "-keyopt", "rsa_padding_mode:pss", "-keyopt", "rsa_mgf1_md:sha1")]
    public async Task we_verify_what_openssl_signs(string digest, params string[] options)
    {
        var verdict = Verify(await OpensslSigns(Alice, digest, options), Mallory, Alice);
        Assert.Multiple(() =>
        {
            Assert.That(verdict.Fault, Is.Null, () => verdict.Fault!.Diagnosis);
            Assert.That(verdict.Signer, Is.SameAs(Alice));
        });
    }

    [Rfc("8551", "2.2")]
    [TestCase("prime256v1", "sha256")]
    [TestCase("secp384r1", "sha384")]
    [TestCase("secp521r1", "sha512")]
    public async Task we_verify_what_openssl_signs_on_every_curve(string curve, string digest)
    {
        using var folder = new TempFolder();
        using var signer = await OpensslCertificate(folder, "-newkey", "ec", "-pkeyopt", $"ec_paramgen_curve:{curve}");
        Assert.That(Verify(await OpensslSigns(folder, digest), signer).Fault, Is.Null);
    }

    // openssl 3.0 cannot make it, the platform has no such key: BouncyCastle signs, with openssl's key.
    [Rfc("8551", "2.2")]
    [Test]
    [Rfc("8419", "3")]
    public async Task we_verify_ed25519()
    {
        using var folder = new TempFolder();
        using var signer = await OpensslCertificate(folder, "-newkey", "ed25519");
        using var pem = new PemReader(new StringReader(await File.ReadAllTextAsync(folder["signer.key.pem"])));
        var generator = new CmsSignedDataGenerator();
        generator.AddSignerInfoGenerator(new SignerInfoGeneratorBuilder().Build(
            new Asn1SignatureFactory("Ed25519", (AsymmetricKeyParameter)pem.ReadObject()), new X509CertificateParser().ReadCertificate(signer.Der.ToArray())));
        var cms = generator.Generate(new CmsProcessableByteArray(s_content)).GetEncoded();
        Assert.Multiple(() =>
        {
            Assert.That(Verify(cms, signer).Fault, Is.Null, () => Verify(cms, signer).Fault!.Diagnosis);
            Assert.That(Verify(cms, signer).Algorithm, Is.EqualTo("sha-512, Ed25519"));
            Assert.That(Verify(cms, Alice).Fault!.Disposition, Is.EqualTo(Disposition.AuthenticationFailed));
        });
    }

    [Rfc("5652", "5.6")]
    [Rfc("8551", "2.5")]
    [Test]
    public void altered_content_is_an_integrity_fault_with_and_without_attributes([Values] bool attributes)
    {
        var cms = Sign(Alice, new() { SignedAttributes = attributes });
        var verdict = SignedData.Verify(cms, d => Digester.Hash(d, "other"u8), [Alice], s_now, LayerLimits.Default);
        Assert.Multiple(() =>
        {
            Assert.That(verdict.Fault!.Disposition, Is.EqualTo(Disposition.IntegrityCheckFailed));
            Assert.That(verdict.Signer, Is.Null);
        });
    }

    [Rfc("4130", "8")]
    [Test]
    public void a_stranger_is_named_with_those_we_expected()
    {
        var verdict = Verify(Sign(Mallory, new()), Alice);
        Assert.Multiple(() =>
        {
            Assert.That(verdict.Fault!.Disposition, Is.EqualTo(Disposition.AuthenticationFailed));
            Assert.That(verdict.Fault.Diagnosis, Does.Contain("CN=mallory").And.Contain("CN=alice").And.Contain(Mallory.Certificate.SerialNumber));
            Assert.That(verdict.Signer, Is.Null);
        });
    }

    [Test]
    public void a_certificate_outside_its_window_counts_only_when_the_agreement_says_so()
    {
        var expired = new As2Certificate(Alice.Certificate, notAfter: s_now.AddDays(-1));
        var cms = Sign(Alice, new());
        var refused = Verify(cms, expired);
        var accepted = SignedData.Verify(cms, d => Digester.Hash(d, s_content), [expired], s_now, LayerLimits.Default, acceptExpired: true);
        Assert.Multiple(() =>
        {
            Assert.That(refused.Fault!.Disposition, Is.EqualTo(Disposition.AuthenticationFailed));
            Assert.That(refused.Fault.Diagnosis, Does.Contain("genuine"));
            Assert.That(accepted.Signer, Is.SameAs(expired));
            Assert.That(accepted.Remarks, Has.Count.EqualTo(1));
        });
    }

    [Rfc("5652", "5.1")]
    [Test]
    public async Task one_agreed_signer_of_two_is_enough_and_no_signer_is_never_enough()
    {
        using var folder = new TempFolder();
        var (aliceCert, aliceKey) = TestKeys.WritePem(Alice, folder, "alice");
        var (malloryCert, malloryKey) = TestKeys.WritePem(Mallory, folder, "mallory");
        var two = await Openssl.RunAsync(s_content, "cms", "-sign", "-binary", "-outform", "DER", "-md", "sha256",
            "-signer", malloryCert, "-inkey", malloryKey, "-signer", aliceCert, "-inkey", aliceKey);
        var none = await Openssl.RunAsync(default, "crl2pkcs7", "-nocrl", "-certfile", aliceCert, "-outform", "DER");
        Assert.Multiple(() =>
        {
            Assert.That(Verify(two, Alice).Signer, Is.SameAs(Alice));
            Assert.That(Verify(none, Alice).Fault!.Disposition, Is.EqualTo(Disposition.AuthenticationFailed));
            Assert.That(Verify(none, Alice).Signer, Is.Null);
        });
    }

    [Test]
    public void line_ends_behind_the_structure_are_ignored_and_foreign_bytes_refused()
    {
        var cms = Sign(Alice, new());
        Assert.Multiple(() =>
        {
            Assert.That(Verify([.. cms, .. "\r\n\0"u8], Alice).Fault, Is.Null);
            Assert.That(Verify([.. cms, .. "x"u8], Alice).Fault, Is.Not.Null);
            Assert.That(Verify([.. cms, .. new byte[17]], Alice).Fault, Is.Not.Null);
        });
    }

    [Test]
    public void every_truncation_and_every_flipped_bit_ends_in_a_verdict()
    {
        var cms = Sign(TestKeys.Ec("carol"), new() { EmbeddedCertificates = EmbeddedCertificates.None });
        for (var length = 0; length < cms.Length; length++)
            Assert.That(Verify(cms[..length], TestKeys.Ec("carol")).Fault, Is.Not.Null, () => $"{length} bytes");
        var survivors = 0;
        for (var bit = 0; bit < cms.Length * 8; bit++)
        {
            var flipped = cms.ToArray();
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            var verdict = Verify(flipped, TestKeys.Ec("carol"));
            Assert.That(verdict.Fault is null, Is.EqualTo(verdict.Signer is not null));
            survivors += verdict.Fault is null ? 1 : 0;
        }
        // Versions, the outer digestAlgorithms and the signer's name are not covered by any signature.
        Assert.That(survivors, Is.LessThan(cms.Length * 8 / 2));
    }

    [Test]
    public void limits_hold()
    {
        var cms = Sign(Alice, new());
        SignatureVerdict With(LayerLimits limits) => SignedData.Verify(cms, d => Digester.Hash(d, s_content), [Alice], s_now, limits);
        Assert.Multiple(() =>
        {
            Assert.That(With(new LayerLimits { MaxStructureBytes = 100 }).Fault, Is.Not.Null);
            Assert.That(With(new LayerLimits { MaxSigners = 0 }).Fault, Is.Not.Null);
            Assert.That(With(new LayerLimits { MaxCertificates = 0 }).Fault, Is.Not.Null);
        });
    }

    private static IEnumerable<SecurityAgreement> Ways(DigestAlgorithm digest)
    {
        yield return new() { Digest = digest };
        yield return new() { Digest = digest, SignedAttributes = false };
        if (digest != DigestAlgorithm.Sha3_256)
            yield return new() { Digest = digest, Signature = SignatureScheme.RsaPss };
    }

    private static byte[] Sign(As2Certificate signer, SecurityAgreement security)
        => SignedData.CreateDetached(Digester.Hash(security.Digest, s_content), security, signer, s_now);

    private static SignatureVerdict Verify(byte[] cms, params As2Certificate[] agreed)
        => SignedData.Verify(cms, d => Digester.Hash(d, s_content), agreed, s_now, LayerLimits.Default);

    private static async Task OpensslVerifies(byte[] cms, As2Certificate signer)
    {
        using var folder = new TempFolder();
        var (certificate, _) = TestKeys.WritePem(signer, folder, "signer");
        var verified = await Openssl.RunAsync(cms, "cms", "-verify", "-binary", "-inform", "DER", "-content", folder.Write("content", s_content),
            "-CAfile", certificate, "-certfile", certificate, "-purpose", "any");
        Assert.That(verified, Is.EqualTo(s_content));
    }

    private static async Task<byte[]> OpensslSigns(As2Certificate signer, string digest, params string[] options)
    {
        using var folder = new TempFolder();
        TestKeys.WritePem(signer, folder, "signer");
        return await OpensslSigns(folder, digest, options);
    }

    private static Task<byte[]> OpensslSigns(TempFolder folder, string digest, params string[] options)
        => Openssl.RunAsync(s_content, ["cms", "-sign", "-binary", "-outform", "DER", "-md", digest,
            "-signer", folder["signer.crt.pem"], "-inkey", folder["signer.key.pem"], .. options]);

    private static async Task<As2Certificate> OpensslCertificate(TempFolder folder, params string[] key)
    {
        await Openssl.RunAsync(default, ["req", "-x509", "-nodes", "-days", "36500", "-subj", "/CN=dora", .. key,
            "-keyout", folder["signer.key.pem"], "-out", folder["signer.crt.pem"]]);
        return new As2Certificate(System.Security.Cryptography.X509Certificates.X509CertificateLoader.LoadCertificateFromFile(folder["signer.crt.pem"]),
            notBefore: s_now.AddDays(-1));
    }
}
