using System.Collections.Concurrent;
using As2.Layers;

namespace As2.Headers;

/// <summary>
/// The value of <c>Disposition-Notification-Options</c> (RFC 4130 §7.3):
/// <code>parameter *(";" parameter);  parameter = attribute "=" importance "," 1#value</code>
/// Read tolerantly: any order, blanks anywhere, empty segments, quotes, a missing importance.
/// </summary>
public sealed record DispositionNotificationOptions
{
    private const string Protocol = "signed-receipt-protocol";
    private const string MicAlgorithm = "signed-receipt-micalg";

    /// <summary>A partner asks the same with every message: what was read lately, as far as remote text may fill our memory.</summary>
    private static readonly ConcurrentDictionary<string, DispositionNotificationOptions> s_read = new(StringComparer.Ordinal);

    private const int MostRead = 256, LongestRead = 256;

    /// <summary>The receipt protocols asked for, lower-case; <c>pkcs7-signature</c> is the only one that AS2 knows.</summary>
    public IReadOnlyList<string> Protocols { get; init; } = [];

    /// <summary>The digest names asked for, as written, the preferred first.</summary>
    public IReadOnlyList<string> MicAlgorithmNames { get; init; } = [];

    /// <summary>Attributes that AS2 does not define and that the partner marked <c>required</c>.</summary>
    public IReadOnlyList<string> UnknownRequired { get; init; } = [];

    /// <summary>The digests asked for that we know, the preferred first.</summary>
    public IReadOnlyList<DigestAlgorithm> Digests { get; init; } = [];

    /// <summary>True when a signed receipt is asked for: a protocol was named.</summary>
    public bool AsksForSignature => Protocols.Count > 0 || MicAlgorithmNames.Count > 0;

    /// <summary>Reads the value of the only header of this name.</summary>
    internal static DispositionNotificationOptions Parse(string value)
    {
        if (s_read.TryGetValue(value, out var known))
            return known;
        var options = Parse([value]);
        if (value.Length <= LongestRead && s_read.Count < MostRead)
            s_read[value] = options;
        return options;
    }

    /// <summary>Reads header values; several headers count as one.</summary>
    public static DispositionNotificationOptions Parse(IEnumerable<string> values)
    {
        var protocols = new List<string>();
        var names = new List<string>();
        var unknown = new List<string>();
        foreach (var (attribute, required, listed) in values.SelectMany(v => v.Split(';')).Select(ReadParameter))
        {
            if (attribute == Protocol)
                protocols.AddRange(listed.Select(v => v.ToLowerInvariant()));
            else if (attribute == MicAlgorithm)
                names.AddRange(listed);
            else if (required && attribute.Length > 0)
                unknown.Add(attribute);
        }
        return new DispositionNotificationOptions
        {
            Protocols = protocols,
            MicAlgorithmNames = names,
            UnknownRequired = unknown,
            Digests = [.. names.Select(n => DigestAlgorithm.TryParse(n, out var digest) ? digest : null).OfType<DigestAlgorithm>()],
        };
    }

    /// <summary>What we send: one protocol, one digest; both optional, so that no old product has to fail.</summary>
    /// <param name="digestName">As the partner spells it.</param>
    /// <param name="required">True: a product that does not understand must refuse (RFC 8098 §2.2). Default: false.</param>
    public static string Write(string digestName, bool required = false)
    {
        var importance = required ? "required" : "optional";
        return $"{Protocol}={importance}, pkcs7-signature; {MicAlgorithm}={importance}, {digestName}";
    }

    private static (string Attribute, bool Required, string[] Values) ReadParameter(string parameter)
    {
        var equals = parameter.IndexOf('=', StringComparison.Ordinal);
        if (equals < 0)
            return ("", false, []);
        var attribute = parameter[..equals].Trim(' ', '\t', '"').ToLowerInvariant();
        var values = parameter[(equals + 1)..].Split(',').Select(v => v.Trim(' ', '\t', '"')).Where(v => v.Length > 0).ToArray();
        var required = values is [var first, ..] && first.Equals("required", StringComparison.OrdinalIgnoreCase);
        var named = required || (values is [var word, ..] && word.Equals("optional", StringComparison.OrdinalIgnoreCase));
        return (attribute, required, named ? values[1..] : values);
    }
}
