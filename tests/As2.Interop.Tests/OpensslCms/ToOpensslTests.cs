using As2.Agreements;
using As2.Certificates;
using As2.Interop.Tests.Http;
using As2.Layers;
using As2.Payloads;
using As2.Testing;

namespace As2.Interop.Tests.OpensslCms;

/// <summary>What we sign and encrypt, <c>openssl cms</c> verifies and opens.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class ToOpensslTests
{
    private static IEnumerable<TestCaseData> Signatures =>
        from key in Keys.Names
        from digest in new[] { DigestAlgorithm.Sha1, DigestAlgorithm.Sha224, DigestAlgorithm.Sha256, DigestAlgorithm.Sha384, DigestAlgorithm.Sha512 }
        from attributes in new[] { true, false }
        from scheme in key == "rsa" ? Enum.GetValues<SignatureScheme>() : [SignatureScheme.Default]
        select new TestCaseData(key, new SecurityAgreement { Encrypt = false, Digest = digest, SignedAttributes = attributes, Signature = scheme })
            .SetArgDisplayNames(key, $"{digest} {scheme}{(attributes ? "" : ", no attributes")}");

    private static IEnumerable<TestCaseData> Envelopes =>
        from key in Keys.Names
        from cipher in new[]
        {
            ContentCipher.Aes128Cbc, ContentCipher.Aes192Cbc, ContentCipher.Aes256Cbc,
            ContentCipher.Aes128Gcm, ContentCipher.Aes192Gcm, ContentCipher.Aes256Gcm, ContentCipher.TripleDesCbc,
        }
        select new TestCaseData(key, new SecurityAgreement { Sign = false, Cipher = cipher }).SetArgDisplayNames(key, cipher.Name);

    [TestCaseSource(nameof(Signatures))]
    [Rfc("8551", "2.2")]
    [Rfc("4056", "3")]
    [Rfc("8551", "3.5.3")]
    public async Task openssl_verifies_what_we_sign(string key, SecurityAgreement security)
    {
        using var folder = new TempFolder();
        var (body, boundary) = Write(security, Keys.Of(key), Keys.Of("rsa"));
        var text = System.Text.Encoding.Latin1.GetString(body);
        var parts = text.Split($"--{boundary}");
        var content = System.Text.Encoding.Latin1.GetBytes(parts[1][2..^2]);
        var cms = Convert.FromBase64String(parts[2][(parts[2].IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..]);
        var certificate = TestKeys.WritePem(Keys.Of(key), folder, "signer").Certificate;
        var verified = await Openssl.RunAsync(cms, "cms", "-verify", "-binary", "-inform", "DER", "-content", folder.Write("content", content),
            "-CAfile", certificate, "-purpose", "any");
        Assert.That(verified, Is.EqualTo(content));
    }

    [TestCaseSource(nameof(Envelopes))]
    [Rfc("5652", "6.1")]
    [Rfc("5753", "3.1")]
    [Rfc("5084", "3.2")]
    [Rfc("8551", "2.7")]
    public async Task openssl_opens_what_we_encrypt(string key, SecurityAgreement security)
    {
        using var folder = new TempFolder();
        Assert.That(await OpenAsync(folder, Write(security, Keys.Of("rsa"), Keys.Of(key)).Body, Keys.Of(key)), Is.EqualTo(Sealed.Order));
    }

    [Test]
    [Rfc("5652", "6.2")]
    public async Task each_of_several_recipients_opens_it_with_openssl([Values(false, true)] bool authenticated)
    {
        using var folder = new TempFolder();
        var security = new SecurityAgreement { Sign = false, Cipher = authenticated ? ContentCipher.Aes256Gcm : ContentCipher.Aes256Cbc };
        var body = Write(security, Keys.Of("rsa"), [.. Keys.Names.Select(Keys.Of)]).Body;
        foreach (var name in Keys.Names)
            Assert.That(await OpenAsync(folder, body, Keys.Of(name)), Is.EqualTo(Sealed.Order), name);
    }

    private static async Task<byte[]> OpenAsync(TempFolder folder, byte[] body, As2Certificate key)
    {
        var (certificate, secret) = TestKeys.WritePem(key, folder, "key");
        var entity = await Openssl.RunAsync(body, "cms", "-decrypt", "-binary", "-inform", "DER", "-recip", certificate, "-inkey", secret);
        return entity[(entity.AsSpan().IndexOf("\r\n\r\n"u8) + 4)..];
    }

    private static (byte[] Body, string? Boundary) Write(SecurityAgreement security, As2Certificate signer, params As2Certificate[] recipients)
    {
        var output = new Octets();
        using var writer = new LayerWriter(new LayerWriterOptions
        {
            Security = security,
            Signer = signer,
            Recipients = [.. recipients.Select(TestKeys.PublicOf)],
            Now = TimeProvider.System.GetUtcNow(),
        }, output);
        writer.Begin(new PayloadHeader { ContentType = "application/edifact", FileName = "order.edi" }).Push(Sealed.Order);
        var type = writer.Complete().Headers["Content-Type"]!;
        return (output.Content.ToArray(), type.Split("boundary=").ElementAtOrDefault(1)?.Trim('"'));
    }

    private sealed class Octets : IOctetSink
    {
        public MemoryStream Content { get; } = new();

        public void Push(ReadOnlySpan<byte> octets) => Content.Write(octets);
    }
}
