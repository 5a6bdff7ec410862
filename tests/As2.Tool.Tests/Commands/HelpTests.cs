namespace As2.Tool.Tests.Commands;

/// <summary>Help teaches by example, and a wrong command line exits with 2.</summary>
public sealed class HelpTests
{
    private static readonly string[][] s_commands = [[], ["inspect"], ["unpack"], ["pack"], ["send"], ["serve"], ["keys", "new"]];

    [TestCaseSource(nameof(s_commands))]
    public async Task help_ends_with_examples(string[] command)
    {
        var help = await Tool.ExpectAsync(0, [.. command, "--help"]);
        Assert.That(help.Text, Does.Contain("Examples:").And.Contain(string.Join(' ', command.Prepend("as2"))));
    }

    [TestCase("inspect")]
    [TestCase("unpack", "a.http")]
    [TestCase("nonsense")]
    [TestCase("inspect", "a.http", "--nonsense")]
    public async Task a_wrong_command_line_exits_with_2(params string[] arguments)
    {
        var result = await Tool.ExpectAsync(2, arguments);
        Assert.That(result.Error, Is.Not.Empty);
    }
}
