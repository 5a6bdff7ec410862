using As2.Agreements;
using As2.Transmission;

namespace As2.Core.Tests.Headers;

public sealed class ReceiptUrlPolicyTests
{
    private static readonly Partnership s_partnership = new()
    {
        Local = new("US"),
        Partner = new("THEM"),
        Endpoint = new("https://as2.partner.example/in"),
        Receipt = new() { AllowedReceiptHosts = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "mdn.partner.example" } },
    };

    [TestCase("https://as2.partner.example/mdn")]
    [TestCase("http://AS2.PARTNER.EXAMPLE:8080/mdn?x=1")]
    [TestCase("https://mdn.partner.example/")]
    public void an_agreed_host_is_accepted(string url) => Assert.That(ReceiptUrlPolicy.Accept(url, s_partnership), Is.EqualTo(new Uri(url)));

    [TestCase(null)]
    [TestCase("")]
    [TestCase("mdn")]
    [TestCase("/mdn")]
    [TestCase("mailto:mdn@as2.partner.example")]
    [TestCase("ftp://as2.partner.example/")]
    [TestCase("file:///etc/passwd")]
    [TestCase("https://user:pw@as2.partner.example/")]
    [TestCase("https://as2.partner.example/#x")]
    [TestCase("https://evil.example/?as2.partner.example")]
    [TestCase("https://as2.partner.example.evil.example/")]
    [TestCase("http://127.0.0.1/")]
    [TestCase("http://2130706433/")]
    [TestCase("http://0177.0.0.1/")]
    [TestCase("http://0x7f.1/")]
    [TestCase("http://localhost/")]
    [TestCase("http://10.0.0.1/")]
    [TestCase("http://[fe80::1]/")]
    [TestCase("http://metadata.google.internal/")]
    [TestCase("http://[::1]/")]
    [TestCase("http://[::ffff:127.0.0.1]/")]
    [TestCase("http://169.254.169.254/latest/meta-data")]
    public void anything_else_is_answered_synchronously(string? url) => Assert.That(ReceiptUrlPolicy.Accept(url, s_partnership), Is.Null);

    [Test]
    public void a_very_long_address_is_not_followed()
        => Assert.That(ReceiptUrlPolicy.Accept("https://as2.partner.example/" + new string('a', 2000), s_partnership), Is.Null);
}
