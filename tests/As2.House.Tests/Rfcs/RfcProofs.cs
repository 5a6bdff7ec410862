using System.Text.RegularExpressions;
using As2.House.Tests.House;

namespace As2.House.Tests.Rfcs;

/// <summary>Which tests carry which clause, read from the sources of all test projects: no project has to know the others.</summary>
internal static partial class RfcProofs
{
    /// <summary>Clause, as "4130 §7.4.3" → tests, as "Class.method".</summary>
    public static ILookup<string, string> Tests { get; } = SourceTree.Files("*.cs")
        .Where(file => file.StartsWith("tests/", StringComparison.Ordinal))
        .SelectMany(file => Read(SourceTree.Read(file)))
        .ToLookup(proof => proof.Clause, proof => proof.Test);

    private static IEnumerable<(string Clause, string Test)> Read(string source)
    {
        var (type, pending) = ("", new List<string>());
        foreach (Match match in Word().Matches(source))
        {
            if (match.Groups["rfc"].Success)
            {
                pending.Add($"{match.Groups["rfc"].Value} §{match.Groups["clause"].Value}");
                continue;
            }
            var isType = match.Groups["type"].Success;
            type = isType ? match.Groups["type"].Value : type;
            foreach (var clause in pending)
                yield return (clause, isType ? type : $"{type}.{match.Groups["method"].Value}");
            pending.Clear();
        }
    }

    [GeneratedRegex("""\bRfc\("(?<rfc>[^"]+)", "(?<clause>[^"]+)"\)|\b(class|record) (?<type>\w+)|^ {4}public [\w<>?]+( [\w<>?]+)? (?<method>\w+)\(""", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Word();
}
