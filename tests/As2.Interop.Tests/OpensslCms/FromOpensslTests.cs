using System.Text;
using As2.Agreements;
using As2.Headers;
using As2.Interop.Tests.Http;
using As2.Layers;
using As2.Testing;

namespace As2.Interop.Tests.OpensslCms;

/// <summary>What <c>openssl cms</c> signs and encrypts is posted to the endpoint: it arrives, and the receipt says so.</summary>
public sealed class FromOpensslTests
{
    private static readonly string[] s_digests = ["sha1", "sha224", "sha256", "sha384", "sha512"];
    private static readonly byte[] s_entity = [.. "Content-Type: application/edifact\r\nContent-Transfer-Encoding: binary\r\n\r\n"u8, .. Sealed.Order];
    private Endpoint _endpoint = null!;

    private static IEnumerable<TestCaseData> Signatures =>
        from key in Keys.Names
        from digest in key == "rsa" ? [.. s_digests, "sha3-256", "sha3-384", "sha3-512"] : s_digests
        from options in key == "rsa" && !digest.StartsWith("sha3", StringComparison.Ordinal)
            ? ["", "-noattr", "-keyid", "-keyopt rsa_padding_mode:pss", "-keyopt rsa_padding_mode:pss -noattr", "-keyopt rsa_padding_mode:pss -keyopt rsa_pss_saltlen:max -keyopt rsa_mgf1_md:sha1"]
            : (string[])["", "-noattr -keyid"]
        select new TestCaseData(key, digest, options);

    private static IEnumerable<TestCaseData> Envelopes =>
        from pair in new (string Key, string Options)[]
        {
            ("rsa", ""), ("rsa", "-keyid"), ("rsa", "-keyopt rsa_padding_mode:oaep"),
            ("rsa", "-keyopt rsa_padding_mode:oaep -keyopt rsa_oaep_md:sha256"), ("rsa", "-keyopt rsa_padding_mode:oaep -keyopt rsa_oaep_md:sha384"),
            ("rsa", "-keyopt rsa_padding_mode:oaep -keyopt rsa_oaep_md:sha512"), ("P-256", ""), ("P-256", "-keyopt ecdh_cofactor_mode:1"),
            ("rsa", "-keyopt rsa_padding_mode:oaep -keyopt rsa_oaep_md:sha256 -keyopt rsa_mgf1_md:sha1"), ("rsa", "-keyopt rsa_padding_mode:oaep -keyopt rsa_oaep_label:616263"),
            ("P-256", "-wrap aes256-wrap"), ("P-256", "-wrap des3-wrap"),
            ("P-384", "-keyid"), ("P-521", ""), ("P-256", "-keyopt ecdh_kdf_md:sha224"), ("P-256", "-keyopt ecdh_kdf_md:sha256"),
            ("P-384", "-keyopt ecdh_kdf_md:sha384"), ("P-521", "-keyopt ecdh_kdf_md:sha512"),
        }
        from cipher in pair.Options.Length == 0 ? s_ciphers : ["-aes-128-cbc", "-aes-256-gcm"]
        // AES key wrap takes no key under 16 octets (RFC 3394), and so neither does openssl.
        where pair.Key == "rsa" || !s_shortKeys.Any(cipher.StartsWith)
        select new TestCaseData(pair.Key, cipher, pair.Options);

    private static readonly string[] s_ciphers =
    [
        "-aes-128-cbc", "-aes-192-cbc", "-aes-256-cbc", "-aes-128-gcm", "-aes-192-gcm", "-aes-256-gcm", "-des3", "-aes-256-cbc -stream -indef",
        "-camellia128", "-camellia256", "-rc2-40 -provider legacy -provider default", "-rc2-64 -provider legacy -provider default",
        "-rc2-128 -provider legacy -provider default", "-des -provider legacy -provider default", "-seed-cbc -provider legacy -provider default",
    ];

    private static readonly string[] s_shortKeys = ["-rc2-40", "-rc2-64", "-des "];

    [OneTimeSetUp]
    public async Task Start() => _endpoint = await Endpoint.StartAsync(
        Sealed.AtBob(new SecurityRequirements
        {
            RequireSigned = false,
            RequireEncrypted = false,
            AcceptOpaqueSignature = true,
            Digests = DigestAlgorithm.All.ToHashSet(),
            Ciphers = ContentCipher.All.ToHashSet(),
        }),
        new PartnershipCertificates
        {
            Decrypt = [.. Keys.Names.Select(Keys.Of)],
            Verify = [.. Keys.Names.Select(name => TestKeys.PublicOf(Keys.Of(name)))],
            SignReceipt = [Keys.Of("rsa")],
        },
        options => options.FailureGrid = TimeSpan.Zero);

    [OneTimeTearDown]
    public async Task Stop() => await _endpoint.DisposeAsync();

    [TestCaseSource(nameof(Signatures))]
    [Rfc("8551", "2.2")]
    [Rfc("4056", "3")]
    [Rfc("5652", "5.3")]
    [Rfc("5652", "5.4")]
    public async Task what_openssl_signs_arrives(string key, string digest, string options)
    {
        using var folder = new TempFolder();
        await Arrives(Multipart(await SignAsync(folder, key, digest, options), digest));
    }

    [TestCase("rsa")]
    [TestCase("P-384")]
    [Rfc("8551", "3.5.2")]
    public async Task what_openssl_signs_around_its_content_arrives_where_that_is_agreed(string key)
    {
        using var folder = new TempFolder();
        foreach (var options in (string[])["-nodetach", "-nodetach -stream -indef"])
            await Arrives(Pkcs7("signed-data", await SignAsync(folder, key, "sha256", options)));
    }

    [TestCaseSource(nameof(Envelopes))]
    [Rfc("5652", "6.1")]
    [Rfc("5652", "6.2")]
    [Rfc("8551", "2.3")]
    [Rfc("8551", "2.7")]
    [Rfc("3560", "2")]
    [Rfc("5753", "3.1")]
    [Rfc("5753", "7.2")]
    public async Task what_openssl_encrypts_arrives(string key, string cipher, string options)
    {
        using var folder = new TempFolder();
        await Arrives(Pkcs7("enveloped-data", await EncryptAsync(folder, s_entity, cipher, options, key)));
    }

    [Test]
    [Rfc("5652", "6.2")]
    public async Task one_of_several_recipients_is_enough([Values("P-521", "rsa")] string ours)
    {
        using var folder = new TempFolder();
        var stranger = TestKeys.WritePem(TestKeys.Rsa("another"), folder, "another").Certificate;
        var body = await Openssl.RunAsync(s_entity, ["cms", "-encrypt", "-binary", "-outform", "DER", "-aes-128-cbc",
            "-recip", stranger, "-recip", TestKeys.WritePem(TestKeys.Ec("third"), folder, "third").Certificate, "-recip", TestKeys.WritePem(Keys.Of(ours), folder, "ours").Certificate]);
        await Arrives(Pkcs7("enveloped-data", body));
    }

    [Test]
    [Rfc("4130", "2.4.2")]
    public async Task what_openssl_signs_and_then_encrypts_arrives([Values("-aes-256-cbc", "-aes-128-gcm")] string cipher)
    {
        using var folder = new TempFolder();
        var signed = Multipart(await SignAsync(folder, "P-256", "sha256", ""), "sha256");
        byte[] entity = [.. Encoding.ASCII.GetBytes($"Content-Type: {signed.Headers["Content-Type"]}\r\n\r\n"), .. signed.Body];
        await Arrives(Pkcs7("enveloped-data", await EncryptAsync(folder, entity, cipher, "", "rsa")));
    }

    private async Task Arrives(Sealed message)
    {
        var answer = await _endpoint.PostAsync(message);
        Assert.That(answer.Text, Does.Contain("; processed\r\n"));
        Assert.That((await _endpoint.ReceivedAsync()).Content, Is.EqualTo(Sealed.Order));
    }

    private static Task<byte[]> SignAsync(TempFolder folder, string key, string digest, string options)
    {
        var (certificate, secret) = TestKeys.WritePem(Keys.Of(key), folder, key);
        return Openssl.RunAsync(s_entity, ["cms", "-sign", "-binary", "-outform", "DER", "-md", digest, "-signer", certificate, "-inkey", secret, .. Words(options)]);
    }

    private static Task<byte[]> EncryptAsync(TempFolder folder, byte[] entity, string cipher, string options, string key)
        => Openssl.RunAsync(entity, ["cms", "-encrypt", "-binary", "-outform", "DER", .. Words(cipher), "-recip", TestKeys.WritePem(Keys.Of(key), folder, key).Certificate, .. Words(options)]);

    private static string[] Words(string options) => options.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static Sealed Multipart(byte[] cms, string digest) => Message($"multipart/signed; protocol=\"application/pkcs7-signature\"; micalg={digest}; boundary=b",
    [
        .. "--b\r\n"u8, .. s_entity, .. "\r\n--b\r\nContent-Type: application/pkcs7-signature\r\nContent-Transfer-Encoding: base64\r\n\r\n"u8,
        .. Encoding.ASCII.GetBytes(Convert.ToBase64String(cms, Base64FormattingOptions.InsertLineBreaks)), .. "\r\n--b--\r\n"u8,
    ]);

    private static Sealed Pkcs7(string type, byte[] body) => Message($"application/pkcs7-mime; smime-type={type}", body);

    private static Sealed Message(string contentType, byte[] body) => new(new HeaderFields
    {
        { "AS2-From", "Alice" },
        { "AS2-To", "Bob" },
        { "Message-ID", Sealed.NewId() },
        { "Disposition-Notification-To", "alice@example.invalid" },
        { "Content-Type", contentType },
    }, body);
}
