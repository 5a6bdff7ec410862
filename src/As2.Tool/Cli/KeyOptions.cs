using System.CommandLine;
using As2.Tool.Keys;

namespace As2.Tool.Cli;

/// <summary>The options for keys and certificates, the same in every command.</summary>
internal sealed class KeyOptions
{
    private const string PasswordVariable = "AS2_KEY_PASSWORD";

    private readonly Option<string[]> _key = new("--key") { Description = "Your private key: PEM or PKCS#12. May be given several times.", HelpName = "FILE", AllowMultipleArgumentsPerToken = false };
    private readonly Option<string[]> _cert = new("--cert") { Description = "Your certificate: PEM, DER, PKCS#7 or PKCS#12. NAME= binds it to an AS2 name.", HelpName = "[NAME=]FILE" };
    private readonly Option<string[]> _partner = new("--partner") { Description = "The partner's certificate. NAME= binds it to an AS2 name.", HelpName = "[NAME=]FILE" };
    private readonly Option<string?> _password = new("--password") { Description = $"Password of keys and PKCS#12 files; better in the environment variable {PasswordVariable}.", HelpName = "TEXT" };

    /// <summary>Adds them to a command.</summary>
    public KeyOptions(Command command)
    {
        command.Options.Add(_key);
        command.Options.Add(_cert);
        command.Options.Add(_partner);
        command.Options.Add(_password);
    }

    /// <summary>Loads what was given.</summary>
    public KeyRing Load(ParseResult result)
        => KeyRing.Load(Values(result, _key), Values(result, _cert), Values(result, _partner), Password(result));

    /// <summary>The password given, or null.</summary>
    public string? Password(ParseResult result) => result.GetValue(_password) ?? Environment.GetEnvironmentVariable(PasswordVariable);

    private static string[] Values(ParseResult result, Option<string[]> option) => result.GetValue(option) ?? [];
}
