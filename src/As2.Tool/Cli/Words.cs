using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;

namespace As2.Tool.Cli;

/// <summary>Values of options that are checked while the command line is read.</summary>
internal static partial class Words
{
    /// <summary>An http or https address.</summary>
    public static Uri? Address(ArgumentResult result)
    {
        if (Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out var url) && url.Scheme is "http" or "https")
            return url;
        result.AddError($"'{result.Tokens[0].Value}' is not an http or https address; AS2 names go to --from-id and --to-id.");
        return null;
    }

    /// <summary>An option that takes one word of an enumeration, in lower case with hyphens: <c>rsa-oaep-sha256</c>.</summary>
    public static Option<T?> Option<T>(string name, string description)
        where T : struct, Enum
    {
        var words = Enum.GetValues<T>().ToDictionary(v => Hump().Replace(v.ToString(), "-").ToLowerInvariant(), StringComparer.OrdinalIgnoreCase);
        return new Option<T?>(name)
        {
            Description = $"{description} One of {string.Join(", ", words.Keys)}.",
            CustomParser = result =>
            {
                if (words.TryGetValue(result.Tokens[0].Value, out var value))
                    return value;
                result.AddError($"{name} {result.Tokens[0].Value} is unknown; known are {string.Join(", ", words.Keys)}.");
                return null;
            },
        };
    }

    [GeneratedRegex("(?<=[a-z0-9])(?=[A-Z])")]
    private static partial Regex Hump();
}
