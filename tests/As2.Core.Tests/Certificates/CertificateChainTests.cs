using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using As2.Agreements;
using As2.Certificates;
using As2.Layers;
using As2.Receipts;

namespace As2.Core.Tests.Certificates;

public sealed class CertificateChainTests
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);
    private static readonly byte[] s_content = "content"u8.ToArray();

    [Test]
    public void a_certificate_of_the_agreed_issuer_for_the_agreed_subject_counts_directly_or_through_an_intermediate([Values] bool intermediate)
    {
        using var root = Authority("CN=root", null);
        using var middle = intermediate ? Authority("CN=middle", root) : null;
        using var leaf = Leaf("CN=ACME, O=ACME Ltd", middle ?? root);
        using var signer = new As2Certificate(leaf) { Issuers = middle is null ? [] : [middle] };
        using var trust = new As2Certificate(Public(root)) { TrustedSubject = "CN=ACME, O=ACME Ltd" };
        var verdict = Verify(signer, trust);
        Assert.That(verdict.Fault, Is.Null, () => verdict.Fault!.Diagnosis);
        Assert.That(verdict.Signer!.Thumbprint, Is.EqualTo(signer.Thumbprint));
    }

    [Test]
    public void another_subject_another_issuer_and_plain_pinning_do_not_count()
    {
        using var root = Authority("CN=root", null);
        using var stranger = Authority("CN=root", null);
        using var signer = new As2Certificate(Leaf("CN=ACME", root));
        using var other = new As2Certificate(Leaf("CN=OTHER", root));
        using var forged = new As2Certificate(Leaf("CN=ACME", stranger));
        using var trust = new As2Certificate(Public(root)) { TrustedSubject = "CN=ACME" };
        using var pinned = new As2Certificate(Public(root));
        Assert.Multiple(() =>
        {
            Assert.That(Verify(signer, trust).Fault, Is.Null);
            Assert.That(Verify(other, trust).Fault!.Disposition, Is.EqualTo(Disposition.AuthenticationFailed));
            Assert.That(Verify(forged, trust).Fault!.Disposition, Is.EqualTo(Disposition.AuthenticationFailed));
            Assert.That(Verify(signer, pinned).Fault!.Disposition, Is.EqualTo(Disposition.AuthenticationFailed));
        });
    }

    [Test]
    public void the_issuer_itself_does_not_sign_for_its_subjects()
    {
        using var root = Authority("CN=ACME", null);
        using var signer = new As2Certificate(new X509Certificate2(root));
        using var trust = new As2Certificate(Public(root)) { TrustedSubject = "CN=ACME" };
        Assert.That(Verify(signer, trust).Fault, Is.Not.Null);
    }

    [Test]
    public void revocation_is_looked_at_where_the_agreement_says_so([Values] bool revoked)
    {
        using var lists = new RevocationLists();
        using var root = Authority("CN=root " + Guid.NewGuid().ToString("N"), null);
        using var leaf = Leaf("CN=ACME", root, lists.Address);
        using var signer = new As2Certificate(leaf);
        As2Certificate Trust(X509RevocationMode mode) => new(Public(root)) { TrustedSubject = "CN=ACME", Revocation = mode };
        lists.Publish(root, revoked ? [leaf] : [], s_now);
        Assert.Multiple(() =>
        {
            Assert.That(Verify(signer, Trust(X509RevocationMode.NoCheck)).Fault, Is.Null);
            Assert.That(Verify(signer, Trust(X509RevocationMode.Offline)).Fault, Is.Not.Null, "nothing is known of it, and nothing may be fetched");
            Assert.That(lists.Asked, Is.Zero);
            Assert.That(Verify(signer, Trust(X509RevocationMode.Online)).Fault is not null, Is.EqualTo(revoked));
            Assert.That(lists.Asked, Is.Positive);
        });
    }

    [Test]
    public void a_certificate_whose_state_cannot_be_learned_does_not_count()
    {
        using var root = Authority("CN=root " + Guid.NewGuid().ToString("N"), null);
        using var signer = new As2Certificate(Leaf("CN=ACME", root));
        using var trust = new As2Certificate(Public(root)) { TrustedSubject = "CN=ACME", Revocation = X509RevocationMode.Online };
        Assert.That(Verify(signer, trust).Fault!.Disposition, Is.EqualTo(Disposition.AuthenticationFailed));
    }

    private static SignatureVerdict Verify(As2Certificate signer, As2Certificate agreed)
    {
        var security = new SecurityAgreement { EmbeddedCertificates = EmbeddedCertificates.Chain };
        var cms = SignedData.CreateDetached(Digester.Hash(security.Digest, s_content), security, signer, s_now);
        return SignedData.Verify(cms, d => Digester.Hash(d, s_content), [agreed], s_now, LayerLimits.Default);
    }

    private static X509Certificate2 Authority(string name, X509Certificate2? issuer)
    {
        using var key = RSA.Create(2048);
        var request = Request(name, key);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return Issue(request, key, issuer);
    }

    private static X509Certificate2 Leaf(string name, X509Certificate2 issuer, string? revocationList = null)
    {
        using var key = RSA.Create(2048);
        var request = Request(name, key);
        if (revocationList is not null)
            request.CertificateExtensions.Add(CertificateRevocationListBuilder.BuildCrlDistributionPointExtension([revocationList]));
        return Issue(request, key, issuer);
    }

    private static CertificateRequest Request(string name, RSA key) => new(name, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);

    private static X509Certificate2 Issue(CertificateRequest request, RSA key, X509Certificate2? issuer)
    {
        var (from, to) = (s_now.AddDays(-10), s_now.AddDays(10));
        if (issuer is null)
            return request.CreateSelfSigned(from, to);
        using var bare = request.Create(issuer, from, to, RandomNumberGenerator.GetBytes(8));
        return bare.CopyWithPrivateKey(key);
    }

    private static X509Certificate2 Public(X509Certificate2 certificate) => X509CertificateLoader.LoadCertificate(certificate.RawData);
}
