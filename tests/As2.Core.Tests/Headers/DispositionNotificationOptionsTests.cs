using As2.Agreements;
using As2.Headers;
using As2.Layers;
using CsCheck;
using As2.Testing;

namespace As2.Core.Tests.Headers;

public sealed class DispositionNotificationOptionsTests
{
    [Rfc("4130", "7.3")]
    [TestCase("signed-receipt-protocol=optional, pkcs7-signature; signed-receipt-micalg=optional, sha-256", "sha-256")]
    [TestCase("signed-receipt-protocol=optional,pkcs7-signature;\tsigned-receipt-micalg=optional,sha-256, sha1", "sha-256,sha1")]
    [TestCase("signed-receipt-micalg=required,SHA256;signed-receipt-protocol=required,\"pkcs7-signature\";", "sha-256")]
    [TestCase("signed-receipt-protocol = optional , pkcs-7-signature ; signed-receipt-micalg = optional , \"sha_512\"", "sha-512")]
    [TestCase("signed-receipt-protocol=pkcs7-signature; signed-receipt-micalg=sha2-256", "sha-256")]
    [TestCase("signed-receipt-protocol=optional, pkcs7-signature; signed-receipt-micalg=optional, whirlpool, md5", "md5")]
    [TestCase("SIGNED-RECEIPT-PROTOCOL=optional, PKCS7-SIGNATURE;;; SIGNED-RECEIPT-MICALG=OPTIONAL, rsa-sha1", "sha1")]
    public void every_deployed_form_is_read(string value, string digests)
    {
        var options = DispositionNotificationOptions.Parse([value]);
        Assert.Multiple(() =>
        {
            Assert.That(options.AsksForSignature);
            Assert.That(options.Protocols, Has.Count.EqualTo(1).And.All.Contains("signature"));
            Assert.That(string.Join(',', options.Digests), Is.EqualTo(digests));
        });
    }

    [Test]
    public void two_headers_count_as_one()
        => Assert.That(DispositionNotificationOptions.Parse(["signed-receipt-protocol=optional,pkcs7-signature", "signed-receipt-micalg=optional,sha1"]).Digests,
            Is.EqualTo(new[] { DigestAlgorithm.Sha1 }));

    [Test]
    public void what_is_written_is_read([Values] bool required)
    {
        foreach (var digest in DigestAlgorithm.All)
        {
            var read = DispositionNotificationOptions.Parse([DispositionNotificationOptions.Write(digest.WireName, required)]);
            Assert.That((read.Protocols[0], read.Digests.Single(), read.UnknownRequired.Count), Is.EqualTo(("pkcs7-signature", digest, 0)));
        }
    }

    [Test]
    public void no_text_makes_the_parser_throw() => Gen.String.Sample(text => DispositionNotificationOptions.Parse([text]) is not null);

    [Rfc("4130", "7.3")]
    [Rfc("3798", "2.1")]
    [TestCase(null, null, ReceiptRequirement.None)]
    [TestCase("anything", null, ReceiptRequirement.Unsigned)]
    [TestCase("http://not.an.address/", "signed-receipt-protocol=optional, pkcs7-signature; signed-receipt-micalg=optional, sha-256", ReceiptRequirement.Signed)]
    [TestCase(null, "signed-receipt-protocol=optional, pkcs7-signature; signed-receipt-micalg=optional, sha-256", ReceiptRequirement.None)]
    public void three_headers_make_one_request(string? to, string? options, ReceiptRequirement expected)
        => Assert.That(ReceiptRequest.Read(Headers(to, options)).Requirement, Is.EqualTo(expected));

    [Rfc("4130", "7.4.4")]
    [Rfc("4130", "7.5.3")]
    [Rfc("3798", "2.2")]
    [TestCase("signed-receipt-protocol=required, openpgp; signed-receipt-micalg=optional, sha1", "unsupported format")]
    [TestCase("signed-receipt-protocol=optional, pkcs7-signature; signed-receipt-micalg=optional, whirlpool", "unsupported MIC-algorithms")]
    [TestCase("signed-receipt-protocol=optional, pkcs7-signature; x-unknown=required, y", "unsupported disposition-notification-options")]
    public void a_request_that_cannot_be_met_fails(string options, string text)
    {
        var fault = ReceiptRequest.Read(Headers("x", options)).Fault!;
        Assert.That(fault.Disposition.ToString(), Is.EqualTo($"failed/failure: {text}"));
    }

    [Rfc("4130", "7.3")]
    [TestCase("", null)]
    [TestCase("   ", null)]
    [TestCase("http://a/b?c=d", "http://a/b?c=d")]
    public void an_empty_delivery_option_asks_for_a_synchronous_receipt(string value, string? expected)
    {
        var headers = Headers("x", null);
        headers.Add(As2HeaderNames.ReceiptDeliveryOption, value);
        Assert.That(ReceiptRequest.Read(headers).AsynchronousUrl, Is.EqualTo(expected));
    }

    private static HeaderFields Headers(string? to, string? options)
    {
        var headers = new HeaderFields();
        if (to is not null)
            headers.Add("disposition-notification-to", to);
        if (options is not null)
            headers.Add("DISPOSITION-NOTIFICATION-OPTIONS", options);
        return headers;
    }
}
