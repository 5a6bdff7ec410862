using As2.Mime;
using MimeKit;

namespace As2.Core.Tests.Mime;

public sealed class PlainFieldTests
{
    [TestCase("application/octet-stream")]
    [TestCase("application/EDIFACT; name=orders.edi")]
    [TestCase("application/pkcs7-mime; smime-type=enveloped-data; name=\"smime.p7m\"")]
    [TestCase("multipart/signed;protocol=\"application/pkcs7-signature\";micalg=sha-256;boundary=\"=_as2; (x)\"")]
    [TestCase("text/plain ; charset=us-ascii; name=\"two words\"")]
    public void the_plain_form_is_read_as_mimekit_reads_it(string text)
    {
        Assert.That(PlainField.TryParse(text, hasSubtype: true, out var field), Is.True);
        Assert.That(ContentType.TryParse(text, out var expected), Is.True);
        Assert.That(field.Value.ToString(), Is.EqualTo($"{expected!.MediaType}/{expected.MediaSubtype}"));
        foreach (var parameter in expected.Parameters)
            Assert.That(field.Parameter(parameter.Name.ToUpperInvariant()).ToString(), Is.EqualTo(parameter.Value));
        Assert.That(field.Parameter("absent").IsEmpty);
    }

    [TestCase("")]
    [TestCase("text")]
    [TestCase("text/plain;")]
    [TestCase("text/plain; charset")]
    [TestCase("text/plain; name=a; name=b")]
    [TestCase("text/plain; name=\"a\\\"b\"")]
    [TestCase("text/plain; name=\"a")]
    [TestCase("text/plain; name=\"a\" b")]
    [TestCase("text/plain; name=\"\"a\"\"")]
    [TestCase("text/plain; name*=utf-8''%41")]
    [TestCase("text/plain; name*0=a; name*1=b")]
    [TestCase("text/plain; name=\"=?utf-8?q?a?=\"")]
    [TestCase("text/plain; name=ä")]
    [TestCase("text/plain (comment); name=a")]
    [TestCase("\"text/plain; name=a\"")]
    [TestCase("text/a/b; name=c")]
    [TestCase("text/plain;\tname=a")]
    public void any_other_form_is_left_to_mimekit(string text) => Assert.That(PlainField.TryParse(text, hasSubtype: true, out _), Is.False);

    [Test]
    public void a_disposition_has_one_token()
    {
        Assert.That(PlainField.TryParse("attachment; filename=\"a b.edi\"", hasSubtype: false, out var field), Is.True);
        Assert.That(field.Parameter("filename").ToString(), Is.EqualTo("a b.edi"));
    }
}
