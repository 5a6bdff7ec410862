using As2.Headers;
using As2.Mime;
using As2.Payloads;
using As2.Testing;

namespace As2.Core.Tests.Mime;

/// <summary>File names as products write them, and what may become of them on a disk.</summary>
public sealed class FileNameTests
{
    [TestCase("attachment; filename=order.edi", "order.edi")]
    [TestCase("attachment; filename=\"order 1.edi\"", "order 1.edi")]
    [TestCase("attachment; filename=\"\"order.edi\"\"", "order.edi")]
    [TestCase("attachment; filename=\"a\\\"b.edi\"", "a\"b.edi")]
    [TestCase("inline; FILENAME=order.edi", "order.edi")]
    [Rfc("2183", "2.3")]
    public void a_name_is_read(string disposition, string name) => Assert.That(NameOf(disposition), Is.EqualTo(name));

    [TestCase("attachment; filename*0=\"long-\"; filename*1=\"name.edi\"", "long-name.edi")]
    [TestCase("attachment; filename*1=\"name.edi\"; filename*0=\"long-\"", "long-name.edi")]
    [Rfc("2231", "3")]
    public void a_name_in_pieces_is_put_together(string disposition, string name) => Assert.That(NameOf(disposition), Is.EqualTo(name));

    [TestCase("attachment; filename*=utf-8''Gr%C3%B6%C3%9Fe.edi", "Größe.edi")]
    [TestCase("attachment; filename*=iso-8859-1'de'Gr%F6%DFe.edi", "Größe.edi")]
    [TestCase("attachment; filename*0*=utf-8''Gr%C3%B6; filename*1*=%C3%9Fe.edi", "Größe.edi")]
    [Rfc("2231", "4")]
    public void a_name_with_its_character_set_is_decoded(string disposition, string name) => Assert.That(NameOf(disposition), Is.EqualTo(name));

    [TestCase("attachment; filename=\"=?utf-8?B?R3LDtsOfZS5lZGk=?=\"", "Größe.edi")]
    [TestCase("attachment; filename=\"=?iso-8859-1?Q?Gr=F6=DFe.edi?=\"", "Größe.edi")]
    [Rfc("2047", "6.2")]
    public void an_encoded_word_in_a_name_is_decoded(string disposition, string name) => Assert.That(NameOf(disposition), Is.EqualTo(name));

    [Test]
    public void the_name_of_the_content_type_is_the_fallback()
        => Assert.That(new EntityHeaders(new HeaderFields { { "Content-Type", "application/edifact; name=order.edi" } }).FileName, Is.EqualTo("order.edi"));

    [TestCase("../../etc/passwd", "passwd")]
    [TestCase("C:\\windows\\system32\\x.dll", "x.dll")]
    [TestCase("..", "fallback")]
    [TestCase("...", "fallback")]
    [TestCase("/", "fallback")]
    [TestCase("", "fallback")]
    [TestCase(null, "fallback")]
    [TestCase("CON", "_CON")]
    [TestCase("nul.txt", "_nul.txt")]
    [TestCase("a:b.edi", "a_b.edi")]
    [TestCase("order.edi.", "order.edi")]
    [TestCase("-rf", "rf")]
    [TestCase(".htaccess", "htaccess")]
    [TestCase("a\0b\r\nc.edi", "abc.edi")]
    [TestCase("order\u202Eide.exe", "order_ide.exe")]
    [TestCase("a|b<c>d\"e*f?.edi", "a_b_c_d_e_f_.edi")]
    [Rfc("2183", "2.3")]
    public void a_remote_name_never_leaves_its_folder(string? remote, string safe)
        => Assert.That(FileNamePolicy.MakeSafe(remote, "fallback"), Is.EqualTo(safe));

    private static string? NameOf(string disposition)
        => new EntityHeaders(new HeaderFields { { "Content-Disposition", disposition } }).FileName;
}
