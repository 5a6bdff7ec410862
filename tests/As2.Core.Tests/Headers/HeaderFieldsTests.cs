using System.Text;
using As2.Headers;
using CsCheck;

namespace As2.Core.Tests.Headers;

public sealed class HeaderFieldsTests
{
    [Test]
    public void folded_lines_are_joined_and_other_lines_passed_over()
    {
        var fields = HeaderFields.Parse("Content-Type: multipart/signed;\r\n\tboundary=x\r\nno field\r\nas2-FROM :  ACME \r\nEmpty:\n\r\nBody: no\r\n"u8);
        Assert.Multiple(() =>
        {
            Assert.That(fields["content-type"], Is.EqualTo("multipart/signed; boundary=x"));
            Assert.That(fields["AS2-From"], Is.EqualTo("ACME"));
            Assert.That(fields["Empty"], Is.EqualTo(""));
            Assert.That(fields.Count, Is.EqualTo(3));
        });
    }

    [Test]
    public void what_is_written_is_read()
    {
        var name = Gen.String[Gen.Char["abcXYZ019-_"], 1, 20];
        var value = Gen.String[Gen.Char[' ', '\u00FF'].Where(c => !char.IsControl(c) && !char.IsWhiteSpace(c)), 0, 60];
        Gen.Select(name, value).List[0, 8].Sample(list =>
        {
            var fields = new HeaderFields();
            foreach (var (n, v) in list)
                fields.Add(n, v);
            return HeaderFields.Parse(fields.ToBytes()).SequenceEqual(fields);
        });
    }

    [Test]
    public void no_octets_make_the_parser_throw_and_no_value_keeps_a_line_break()
        => Gen.Byte.Array[0, 200].Sample(octets => HeaderFields.Parse(octets).All(f => f.Value.AsSpan().IndexOfAny('\r', '\n', '\0') < 0));

    [Test]
    public void a_line_break_in_a_value_is_refused([Values("a\r\nb", "a\nb", "a\0b")] string value)
        => Assert.That(() => new HeaderFields { { "X", value } }, Throws.ArgumentException);

    [Test]
    public void octets_that_are_not_utf8_are_latin1()
    {
        Assert.That(HeaderFields.Parse([.. "S: Z"u8, 0xFC])["s"], Is.EqualTo("Zü"));
        Assert.That(HeaderFields.Parse(Encoding.UTF8.GetBytes("S: Zü"))["s"], Is.EqualTo("Zü"));
    }
}
