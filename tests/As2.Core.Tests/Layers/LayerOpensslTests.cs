using System.Text;
using As2.Agreements;
using As2.Certificates;
using As2.Headers;
using As2.Layers;
using As2.Testing;

namespace As2.Core.Tests.Layers;

/// <summary>openssl opens what we write, and we open what openssl writes.</summary>
[TestFixture]
[Parallelizable(ParallelScope.All)]
public sealed class LayerOpensslTests
{
    private static readonly byte[] s_payload = Encoding.ASCII.GetBytes("UNB+UNOA:1+A+B+261123:1200+1'\nUNZ+0+1'\r\n");
    private static readonly byte[] s_entity = [.. "Content-Type: application/edifact\r\n\r\n"u8, .. s_payload];

    private static IEnumerable<ContentCipher> Sent => ContentCipher.Sendable;

    [Rfc("5652", "6.1")]
    [Rfc("8551", "2.7")]
    [TestCaseSource(nameof(Sent))]
    public async Task openssl_decrypts_every_cipher_that_we_send(ContentCipher cipher)
    {
        using var folder = new TempFolder();
        var written = LayerWriting.Of(new SecurityAgreement { Sign = false, Cipher = cipher }, s_payload);
        await OpensslOpens(folder, LayerWriting.Bob, written);
    }

    [Rfc("3560", "2")]
    [TestCase(KeyTransport.RsaOaepSha1)]
    [TestCase(KeyTransport.RsaOaepSha256)]
    [TestCase(KeyTransport.RsaOaepSha384)]
    [TestCase(KeyTransport.RsaOaepSha512)]
    public async Task openssl_decrypts_every_key_transport(KeyTransport transport)
    {
        using var folder = new TempFolder();
        await OpensslOpens(folder, LayerWriting.Bob, LayerWriting.Of(new SecurityAgreement { Sign = false, KeyTransport = transport }, s_payload));
    }

    [Test]
    [Rfc("5753", "3.1")]
    public async Task openssl_decrypts_what_we_send_to_an_ec_key()
    {
        using var folder = new TempFolder();
        var carol = TestKeys.Ec("carol");
        var written = LayerWriting.Of(LayerWriting.Options(new SecurityAgreement { Sign = false }, carol), s_payload);
        await OpensslOpens(folder, carol, written);
    }

    [Test]
    public async Task openssl_decrypts_content_of_indefinite_length()
    {
        using var folder = new TempFolder();
        var payload = new byte[3_000_000];
        var written = LayerWriting.Of(new SecurityAgreement { Sign = false }, payload);
        Assert.That(written.Body[1], Is.EqualTo(0x80));
        var plain = await Decrypt(folder, LayerWriting.Bob, written.Body);
        Assert.That(plain.AsSpan(plain.Length - payload.Length).SequenceEqual(payload));
    }

    [Test]
    public async Task openssl_verifies_what_we_sign_and_encrypt()
    {
        using var folder = new TempFolder();
        // Its own reader of multipart makes CRLF of every line end, and with -binary loses a part of the last one.
        var payload = Encoding.ASCII.GetBytes("UNB+UNOA:1+A+B+261123:1200+1'\r\nUNZ+0+1'\r\n");
        var written = LayerWriting.Of(new SecurityAgreement(), payload);
        var signed = await Decrypt(folder, LayerWriting.Bob, written.Body);
        var (certificate, _) = TestKeys.WritePem(LayerWriting.Alice, folder, "alice");
        var content = await Openssl.RunAsync(signed, "cms", "-verify", "-inform", "SMIME", "-certfile", certificate, "-noverify");
        Assert.That(content.AsSpan().EndsWith(payload));
    }

    [Rfc("5652", "6.2")]
    [Rfc("3560", "2")]
    [Rfc("8551", "2.3")]
    [TestCase("-aes-128-cbc")]
    [TestCase("-aes-192-cbc")]
    [TestCase("-aes-256-cbc")]
    [TestCase("-aes-128-gcm")]
    [TestCase("-aes-256-gcm")]
    [TestCase("-des3")]
    [TestCase("-aes-256-cbc", "-keyid")]
    [TestCase("-aes-256-cbc", "-stream", "-indef")]
    [TestCase("-aes-256-cbc", "-keyopt", "rsa_padding_mode:oaep")]
    [TestCase("-aes-256-cbc", "-keyopt", "rsa_padding_mode:oaep", "-keyopt", "rsa_oaep_md:sha256")]
    [TestCase("-aes-256-cbc", "-keyopt", "rsa_padding_mode:oaep", "-keyopt", "rsa_oaep_md:sha256", "-keyopt", "rsa_mgf1_md:sha1")]
    [TestCase("-aes-256-cbc", "-keyopt", "rsa_padding_mode:oaep", "-keyopt", "rsa_oaep_md:sha512", "-keyopt", "rsa_mgf1_md:sha256")]
    public async Task we_decrypt_what_openssl_sends(params string[] arguments) => await WeOpen(LayerWriting.Bob, arguments);

    [Rfc("5753", "3.1")]
    [Rfc("5753", "7.2")]
    [TestCase("-aes-256-cbc")]
    [TestCase("-aes-128-gcm")]
    [TestCase("-des3")]
    [TestCase("-aes-192-cbc", "-keyopt", "ecdh_kdf_md:sha256")]
    [TestCase("-aes-256-cbc", "-keyopt", "ecdh_kdf_md:sha384", "-keyid")]
    public async Task we_decrypt_what_openssl_sends_to_an_ec_key(params string[] arguments) => await WeOpen(TestKeys.Ec("carol"), arguments);

    private static async Task OpensslOpens(TempFolder folder, As2Certificate key, LayerWriting written)
        => Assert.That((await Decrypt(folder, key, written.Body)).AsSpan().EndsWith(s_payload));

    private static Task<byte[]> Decrypt(TempFolder folder, As2Certificate key, byte[] body)
    {
        var (certificate, secret) = TestKeys.WritePem(key, folder, "key");
        return Openssl.RunAsync(body, "cms", "-decrypt", "-binary", "-inform", "DER", "-recip", certificate, "-inkey", secret);
    }

    private static async Task WeOpen(As2Certificate key, string[] arguments)
    {
        using var folder = new TempFolder();
        var (certificate, _) = TestKeys.WritePem(key, folder, "key");
        var cipher = arguments[0];
        string[] command = ["cms", "-encrypt", "-binary", "-outform", "DER", cipher, "-recip", certificate, .. arguments[1..]];
        var body = await Openssl.RunAsync(s_entity, command);
        var headers = new HeaderFields { { "Content-Type", "application/pkcs7-mime" } };
        var read = LayerReading.Of(headers, body, LayerReading.Options(opens: key), PushManner.Of(7));
        Assert.That(read.Trace.Fault, Is.Null);
        Assert.That(read.Payload, Is.EqualTo(s_payload));
    }
}
