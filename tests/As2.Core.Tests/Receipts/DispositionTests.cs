using As2.Receipts;
using CsCheck;
using As2.Testing;

namespace As2.Core.Tests.Receipts;

public sealed class DispositionTests
{
    [Rfc("4130", "7.5.6")]
    [Rfc("3335", "5.3")]
    [Rfc("3798", "3.2.6")]
    [Rfc("8098", "3.2.6")]
    [TestCase("automatic-action/MDN-sent-automatically; processed", "processed")]
    [TestCase("manual-action/MDN-sent-manually; processed", "processed")]
    [TestCase("Automatic-Action/mdn-sent-automatically;Processed", "processed")]
    [TestCase("automatic-action/MDN-sent-automatically ; processed", "processed")]
    [TestCase("automatic-action/MDN-sent-automatically;\tprocessed;", "processed")]
    [TestCase("automatic-action/MDN-sent-automatically;; processed", "processed")]
    [TestCase("processed", "processed")]
    [TestCase("a/b; processed/error: authentication-failed", "processed/error: authentication-failed")]
    [TestCase("a/b; processed/Error:decryption-failed", "processed/error: decryption-failed")]
    [TestCase("a/b; processed / ERROR : decompresion-failed", "processed/error: decompresion-failed")]
    [TestCase("a/b; processed/error", "processed/error")]
    [TestCase("a/b; error: authentication-failed", "processed/error: authentication-failed")]
    [TestCase("a/b; processed/error: integrity-check-failed; processed/error: integrity-check-failed", "processed/error: integrity-check-failed")]
    [TestCase("a/b; processed/warning: authentication-failed, processing continued", "processed/warning: authentication-failed, processing continued")]
    [TestCase("a/b; processed/Warning: duplicate-document", "processed/warning: duplicate-document")]
    [TestCase("a/b; failed/failure: unsupported format", "failed/failure: unsupported format")]
    [TestCase("a/b; failed/Failure: sender-equals-receiver", "failed/failure: sender-equals-receiver")]
    [TestCase("a/b; failed/failure=Could not verify", "failed/failure: Could not verify")]
    [TestCase("a/b; failed", "failed")]
    [TestCase("a/b; processed/error,expired", "processed/error: expired")]
    [TestCase("a/b; processed/something-new", "processed/something-new")]
    [TestCase("a/b; displayed", "processed/warning: displayed")]
    [TestCase("a/b; dispatched", "processed/warning: dispatched")]
    [TestCase("a/b; deleted", "processed/error: deleted")]
    public void every_deployed_form_is_read(string field, string expected)
    {
        Assert.That(Disposition.TryParse(field, out var disposition));
        Assert.That(disposition.ToString(), Is.EqualTo(expected));
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("automatic-action/MDN-sent-automatically")]
    [TestCase("automatic-action/MDN-sent-automatically;")]
    [TestCase("a/b; fine")]
    public void what_says_no_outcome_is_refused(string? field) => Assert.That(Disposition.TryParse(field, out _), Is.False);

    [TestCase("a/b; processed/something-new")]
    [TestCase("a/b; processed/failure: x")]
    [TestCase("a/b; failed/warning: x")]
    [TestCase("a/b; deleted")]
    public void an_unknown_modifier_is_no_success(string field)
    {
        Assert.That(Disposition.TryParse(field, out var disposition));
        Assert.That(disposition.IsSuccess, Is.False);
    }

    [Rfc("4130", "7.5.2")]
    [Test]
    public void what_we_write_is_what_we_read()
    {
        var kinds = Gen.Int[0, 3].Select(i => (DispositionModifierKind)i);
        var words = Gen.String[Gen.Char["abcdefghij-,:/ "], 1, 40].Select(s => "x" + s.Replace("  ", " ", StringComparison.Ordinal).Trim());
        Gen.Select(Gen.Enum<DispositionType>(), kinds, words).Sample((type, kind, text) =>
        {
            var written = new Disposition(type, kind, kind == DispositionModifierKind.None ? null : System.Text.RegularExpressions.Regex.Replace(text, " +", " "));
            return Disposition.TryParse($"automatic-action/MDN-sent-automatically; {written}", out var read) && read == written;
        });
    }

    [Test]
    public void no_text_makes_the_parser_throw_or_keep_a_control_character()
        => Gen.String.Sample(text => !Disposition.TryParse("a/b; processed/error:" + text, out var read) || read.Text?.Any(char.IsControl) != true);
}
