using As2.Agreements;
using CsCheck;
using As2.Testing;

namespace As2.Core.Tests.Agreements;

public sealed class As2IdentifierTests
{
    private static readonly string s_printable = string.Concat(Enumerable.Range(' ', '~' - ' ' + 1).Select(c => (char)c));

    [Rfc("4130", "6.2")]
    [Test]
    public void every_printable_character_comes_back([ValueSource(nameof(Characters))] char character)
    {
        foreach (var name in new[] { $"{character}", $"a{character}b", $"{character}{character}" })
        {
            Assert.That(As2Identifier.TryParseHeader(new As2Identifier(name).ToHeader(), out var read));
            Assert.That(read.Value, Is.EqualTo(name));
        }
    }

    [Test]
    public void every_name_comes_back()
        => Gen.String[Gen.Char[s_printable], 1, As2Identifier.MaxLength].Sample(name =>
            As2Identifier.TryParseHeader(new As2Identifier(name).ToHeader(), out var read) && read.Value == name);

    [Rfc("4130", "6.2")]
    [TestCase("ACME", "ACME")]
    [TestCase("ACME Corp", "\"ACME Corp\"")]
    [TestCase("A\"B", "\"A\\\"B\"")]
    [TestCase("A\\B", "\"A\\\\B\"")]
    [TestCase("\" as2Name \"", "\"\\\" as2Name \\\"\"")]
    [TestCase("a,b;c#d!e[f]<g>@h:i/j", "a,b;c#d!e[f]<g>@h:i/j")]
    public void a_name_is_quoted_only_when_it_must_be(string name, string wire)
        => Assert.That(new As2Identifier(name).ToHeader(), Is.EqualTo(wire));

    [Rfc("4130", "6.2")]
    [TestCase("\"ACME\"", "ACME")]
    [TestCase("  ACME\t", "ACME")]
    [TestCase("ACME Corp", "ACME Corp")]
    [TestCase("\"A\\xB\"", "A\\xB")]
    [TestCase("\"Alice \"EDI\" \\ Co\"", "Alice \"EDI\" \\ Co")]
    [TestCase("=?UTF-8?Q?Alice_=22EDI=22_=5C_Co?=", "Alice \"EDI\" \\ Co")]
    public void lenient_forms_are_read(string wire, string name)
    {
        Assert.That(As2Identifier.TryParseHeader(wire, out var read));
        Assert.That(read.Value, Is.EqualTo(name));
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("   ")]
    [TestCase("\"\"")]
    [TestCase("\"open")]
    [TestCase("\"A\"B")]
    [TestCase("Zürich")]
    [TestCase("a\u0001b")]
    public void no_name_is_no_name(string? wire) => Assert.That(As2Identifier.TryParseHeader(wire, out _), Is.False);

    [Rfc("4130", "6.2")]
    [Test]
    public void the_length_counts_decoded_characters()
    {
        Assert.That(As2Identifier.TryParseHeader(new As2Identifier(new string('"', 128)).ToHeader(), out _));
        Assert.That(As2Identifier.TryParseHeader(new string('a', 129), out _), Is.False);
    }

    [TestCase("A\\\"B", "A\\\"B", "A\"B")]
    [TestCase("A\\\\B", "A\\\\B", "A\\B")]
    [TestCase("\"\\\"A B\\\"\"", "\"A B\"", "A B")]
    [TestCase("\"ACME Corp\"", "ACME Corp", null)]
    [TestCase("ACME", "ACME", null)]
    public void quirk_forms_are_read_after_the_literal_one(string wire, string literal, string? quirk)
        => Assert.That(As2Identifier.ReadHeader(wire).Select(i => i.Value), Is.EqualTo(new[] { literal, quirk }.OfType<string>()));

    [Test]
    public void names_differ_by_case() => Assert.That(new As2Identifier("acme"), Is.Not.EqualTo(new As2Identifier("ACME")));

    private static IEnumerable<char> Characters => s_printable;
}
