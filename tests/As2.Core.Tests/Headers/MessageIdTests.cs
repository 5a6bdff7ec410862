using As2.Headers;
using CsCheck;
using As2.Testing;

namespace As2.Core.Tests.Headers;

public sealed class MessageIdTests
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 23, 19, 0, 0, TimeSpan.Zero);

    [Rfc("4130", "5.3.3")]
    [Test]
    public void a_new_id_is_safe_everywhere_and_never_twice_the_same()
    {
        var ids = Enumerable.Range(0, 1000).Select(_ => MessageId.New("gw.example", s_now)).ToHashSet();
        Assert.Multiple(() =>
        {
            Assert.That(ids, Has.Count.EqualTo(1000));
            Assert.That(ids, Has.All.Match("^<AS2-20261123T190000Z-[0-9a-f]{32}@gw\\.example>$"));
        });
    }

    [TestCase("<a@b>", "a@b")]
    [TestCase("a@b", "a@b")]
    [TestCase(" <a@b> ", "a@b")]
    [TestCase("<no-at>", "no-at")]
    [TestCase("<a b>", "a b")]
    [TestCase("<<a>>", "<a>")]
    [TestCase("<a@b", "a@b")]
    [TestCase("", "")]
    public void the_key_form_has_no_outer_brackets_and_blanks(string wire, string key) => Assert.That(MessageId.KeyOf(wire), Is.EqualTo(key));

    [Test]
    public void brackets_added_or_stripped_on_the_way_do_not_matter()
        => Gen.String[Gen.Char['!', '~'], 1, 60].Where(s => s[0] != '<' && s[^1] != '>').Sample(id => MessageId.KeyOf($"<{id}>") == MessageId.KeyOf(id));
}
