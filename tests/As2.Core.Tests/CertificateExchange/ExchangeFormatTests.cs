using System.Text;
using As2.CertificateExchange;
using As2.Certificates;
using As2.Testing;

namespace As2.Core.Tests.CertificateExchange;

/// <summary>The XML of requests and responses, how certificates are pointed to, and the parts that hold them.</summary>
public sealed class ExchangeFormatTests
{
    private const string Foreign = """
        <?xml version="1.0" encoding="UTF-8"?>
        <x:EDIINTCertificateExchangeRequest xmlns:x="urn:ietf:params:xml:ns:ediintcertificateexchange" xmlns:dsig="http://www.w3.org/2000/09/xmldsig#" requestId=" 17 ">
          <x:TrustRequest>
            <x:EndEntity>
              <x:CertificateContentID>cid:&lt;part1@partner&gt;</x:CertificateContentID>
              <x:CertificateIdentifier><dsig:X509SerialNumber> 12 </dsig:X509SerialNumber><dsig:X509IssuerName>CN=partner, C=DE</dsig:X509IssuerName></x:CertificateIdentifier>
            </x:EndEntity>
            <x:ResponseURL>http://partner.example/as2</x:ResponseURL>
            <x:RespondByDate>2026-12-24T18:00:00+02:00</x:RespondByDate>
            <x:CertUsage>keyEncipherment</x:CertUsage><x:CertUsage>tlsServer</x:CertUsage><x:Unknown/>
          </x:TrustRequest>
          <x:TradingPartnerInfo><x:MessageOriginated>2026-11-24T03:00:00</x:MessageOriginated><x:Name x:qualifier="AS2">PARTNER</x:Name></x:TradingPartnerInfo>
        </x:EDIINTCertificateExchangeRequest>
        """;

    private static readonly CertificateIdentifier s_identifier = new("CN=a\\, b,O=Ü", "4711");

    [Test]
    [Rfc("draft-meadors-certificate-exchange-14", "request and response")]
    public void a_request_is_read_in_any_order_and_with_any_prefix()
    {
        var request = (ExchangeRequest)Read(Foreign);
        Assert.That((request.RequestId, request.Name, request.Originated), Is.EqualTo(("17", "PARTNER", new DateTimeOffset(2026, 11, 24, 3, 0, 0, TimeSpan.Zero))));
        var trust = request.Requests.Single();
        Assert.That(trust.Usages, Is.EqualTo(new[] { CertificateUsage.KeyEncipherment, CertificateUsage.TlsServer }));
        Assert.That(trust.RespondBy, Is.EqualTo(new DateTimeOffset(2026, 12, 24, 16, 0, 0, TimeSpan.Zero)));
        Assert.That((trust.EndEntity.ContentId, trust.EndEntity.Certificate), Is.EqualTo(("part1@partner", new CertificateIdentifier("CN=partner, C=DE", "12"))));
    }

    [Test]
    public void what_is_written_is_read_again()
    {
        var request = new ExchangeRequest("1", "A <B> & \"C\"", new DateTimeOffset(2026, 11, 24, 3, 0, 0, TimeSpan.Zero),
        [
            new TrustRequest
            {
                Usages = [CertificateUsage.DigitalSignature], RespondBy = new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.Zero), ResponseUrl = "http://a/?b=1&c=2",
                EndEntity = new OfferedPart(s_identifier, "1@a"), Chain = [new OfferedPart(new CertificateIdentifier("CN=ca", "1"), "2@a")],
            },
        ]);
        var read = (ExchangeRequest)ExchangeReader.Read(ExchangeWriter.Write(request));
        Assert.That((read.RequestId, read.Name, read.Originated), Is.EqualTo((request.RequestId, request.Name, request.Originated)));
        var (trust, wanted) = (read.Requests.Single(), request.Requests[0]);
        Assert.That((trust.RespondBy, trust.ResponseUrl, trust.EndEntity), Is.EqualTo((wanted.RespondBy, wanted.ResponseUrl, wanted.EndEntity)));
        Assert.That((trust.Usages, trust.Chain), Is.EqualTo((wanted.Usages, wanted.Chain)));

        var response = new ExchangeResponse("1", "B", null, [new TrustResponse(s_identifier, true, null), new TrustResponse(s_identifier, false, "not <known>")]);
        Assert.That(((ExchangeResponse)ExchangeReader.Read(ExchangeWriter.Write(response))).Responses, Is.EqualTo(response.Responses));
    }

    [Test]
    [Rfc("draft-meadors-certificate-exchange-14", "request and response")]
    public void elements_are_written_in_the_order_of_the_format_and_nothing_behind_the_end()
    {
        var xml = Encoding.UTF8.GetString(ExchangeWriter.Write(new ExchangeRequest("1", "A", DateTimeOffset.UnixEpoch,
            [new TrustRequest { Usages = [CertificateUsage.KeyEncipherment], RespondBy = DateTimeOffset.UnixEpoch, ResponseUrl = "http://a", EndEntity = new OfferedPart(s_identifier, "1@a") }])));
        string[] order = ["TradingPartnerInfo", "<Name qualifier=\"AS2\"", "MessageOriginated", "TrustRequest", "CertUsage", "RespondByDate", "ResponseURL", "EndEntity", "CertificateIdentifier", "ds:X509IssuerName", "ds:X509SerialNumber", "CertificateContentID"];
        Assert.That(order.Select(name => xml.IndexOf(name, StringComparison.Ordinal)), Is.Ordered.And.All.Positive, xml);
        Assert.That(xml, Does.EndWith("</EDIINTCertificateExchangeRequest>").And.StartWith("<?xml"));
    }

    [TestCase("\r\n")]
    [TestCase("\0\0\0")]
    [TestCase(" \r\n\0\t")]
    public void line_ends_and_zeros_behind_the_end_are_no_fault(string trailer) => Assert.That(Read(Foreign + trailer).RequestId, Is.EqualTo("17"));

    [TestCase("--boundary", TestName = "other octets behind the end")]
    [TestCase("<a/>", TestName = "a second root")]
    public void other_octets_behind_the_end_are_a_fault(string trailer) => Refuses(Foreign + trailer, "cannot be read");

    [Test]
    public void a_document_type_is_refused_before_anything_is_fetched_or_expanded()
    {
        Refuses(Foreign.Replace("?>", "?><!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>", StringComparison.Ordinal), "DTD");
        Refuses("<!DOCTYPE a [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;\">]><a>&b;</a>", "DTD");
    }

    [Test]
    public void what_is_too_long_is_refused() => Refuses(Foreign.Replace("17", new string('1', ExchangeReader.MaxBytes), StringComparison.Ordinal), "bytes");

    [TestCase("requestId=\" 17 \"", "requestId=\"\"", "requestId")]
    [TestCase("urn:ietf:params:xml:ns:ediintcertificateexchange", "urn:other", "namespace")]
    [TestCase("EDIINTCertificateExchangeRequest", "Something", "neither")]
    [TestCase("keyEncipherment", "everything", "usage")]
    [TestCase("x:CertificateContentID", "x:Other", "CertificateContentID")]
    [TestCase("dsig:X509IssuerName", "dsig:Other", "X509IssuerName")]
    [TestCase("x:TradingPartnerInfo", "x:Other", "TradingPartnerInfo")]
    [TestCase("x:TrustRequest", "x:Other", "no certificates")]
    public void what_is_missing_is_named(string text, string other, string named) => Refuses(Foreign.Replace(text, other, StringComparison.Ordinal), named);

    [Test]
    public void every_truncation_of_a_request_is_refused()
    {
        var octets = Encoding.UTF8.GetBytes(Foreign);
        for (var length = 0; length < octets.Length; length++)
            Assert.That(() => ExchangeReader.Read(octets.AsMemory(0, length)), Throws.TypeOf<ProtocolFault>(), $"{length}");
    }

    [TestCase("CN=a\\, b,O=\"Big Co.\",ST=Hessen,C=DE", TestName = "RFC 2253")]
    [TestCase("C=DE, ST=Hessen, O=Big  co., CN=\"A, b\"", TestName = "in the other order, quoted, other case and blanks")]
    [TestCase("CN=\"a, b\", O=Big Co., S=Hessen, C=DE", TestName = "Windows's S for ST")]
    [TestCase("2.5.4.3=a\\, b,2.5.4.10=Big Co.,2.5.4.8=Hessen,2.5.4.6=DE", TestName = "dotted")]
    public async Task an_issuer_is_compared_as_a_name(string issuer)
    {
        var certificate = await IssueAsync("/C=DE/ST=Hessen/O=Big Co./CN=a, b");
        var serial = CertificateIdentifier.Of(certificate.Certificate).SerialNumber;
        Assert.That(new CertificateIdentifier(issuer, serial).PointsTo(certificate.Certificate), Is.True);
        Assert.That(new CertificateIdentifier(issuer, serial + "0").PointsTo(certificate.Certificate), Is.False);
        Assert.That(new CertificateIdentifier(issuer.Replace("essen", "amburg", StringComparison.Ordinal), serial).PointsTo(certificate.Certificate), Is.False);
        Assert.That(new CertificateIdentifier(issuer, serial).IsSameAs(CertificateIdentifier.Of(certificate.Certificate)), Is.True);
    }

    [TestCase("")]
    [TestCase("no name")]
    [TestCase("CN")]
    [TestCase("CN=#zz")]
    [TestCase("=,=,=")]
    public void a_text_that_is_no_name_points_to_nothing(string issuer)
        => Assert.That(new CertificateIdentifier(issuer, CertificateIdentifier.Of(TestKeys.Rsa("alice").Certificate).SerialNumber).PointsTo(TestKeys.Rsa("alice").Certificate), Is.False);

    [Test]
    public async Task openssl_reads_the_part_with_the_certificate()
    {
        Requires.Tool("openssl");
        var printed = await Openssl.RunAsync(CertificatesOnly.Write(TestKeys.Rsa("alice")), "pkcs7", "-inform", "DER", "-print_certs", "-noout");
        Assert.That(Encoding.UTF8.GetString(printed), Does.Contain("subject=CN = alice"));
    }

    [Test]
    public async Task a_part_is_read_in_the_forms_of_openssl()
    {
        Requires.Tool("openssl");
        using var folder = new TempFolder();
        var pem = folder.Write("a.pem", CertificateFile.ToPem(TestKeys.Rsa("alice")));
        foreach (var form in (string[])["DER", "PEM"])
        {
            var octets = await Openssl.RunAsync(default, "crl2pkcs7", "-nocrl", "-certfile", pem, "-outform", form);
            Assert.That(CertificatesOnly.Read(octets).Single().RawData, Is.EqualTo(TestKeys.Rsa("alice").Der.ToArray()), form);
        }
        Assert.That(CertificatesOnly.Read(TestKeys.Rsa("alice").Der).Single().RawData, Is.EqualTo(TestKeys.Rsa("alice").Der.ToArray()));
    }

    [Test]
    public void more_certificates_than_allowed_and_what_is_none_hold_none()
    {
        var many = new As2Certificate(TestKeys.Rsa("alice").Certificate) { Issuers = [.. Enumerable.Range(0, 20).Select(i => TestKeys.Ec($"issuer {i}").Certificate)] };
        Assert.That(CertificatesOnly.Read(CertificatesOnly.Write(many)), Is.Empty);
        Assert.That(CertificatesOnly.Read("no certificate"u8.ToArray()), Is.Empty);
        Assert.That(CertificatesOnly.Read(default), Is.Empty);
        Assert.That(CertificatesOnly.Read(CertificateFile.ToPkcs12(TestKeys.Rsa("alice"), "")), Is.Empty, "no key is taken from outside");
    }

    private static ExchangeMessage Read(string xml) => ExchangeReader.Read(Encoding.UTF8.GetBytes(xml));

    private static void Refuses(string xml, string because)
        => Assert.That(() => Read(xml), Throws.TypeOf<ProtocolFault>().With.Message.Contains(because));

    private static async Task<As2Certificate> IssueAsync(string subject)
    {
        Requires.Tool("openssl");
        using var folder = new TempFolder();
        await Openssl.RunAsync(default, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", folder["k"], "-out", folder["c"], "-subj", subject, "-days", "2");
        return CertificateFile.Load(folder["c"]);
    }
}
