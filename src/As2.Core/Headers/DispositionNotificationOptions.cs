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
    private const string Blanks = " \t\"";

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
        List<string> protocols = [], names = [], unknown = [];
        foreach (var value in values)
        {
            foreach (var parameter in value.AsSpan().Split(';'))
                Read(value.AsSpan()[parameter], protocols, names, unknown);
        }
        var digests = new List<DigestAlgorithm>();
        foreach (var name in names)
        {
            if (DigestAlgorithm.TryParse(name, out var digest))
                digests.Add(digest);
        }
        return new DispositionNotificationOptions
        {
            Protocols = protocols.ConvertAll(p => p.ToLowerInvariant()),
            MicAlgorithmNames = names,
            UnknownRequired = unknown,
            Digests = digests,
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

    private static void Read(ReadOnlySpan<char> parameter, List<string> protocols, List<string> names, List<string> unknown)
    {
        var equals = parameter.IndexOf('=');
        if (equals < 0)
            return;
        var attribute = parameter[..equals].Trim(Blanks);
        var values = parameter[(equals + 1)..].TrimStart(", \t\"");
        var first = values.IndexOf(',') is >= 0 and var comma ? values[..comma].Trim(Blanks) : values.Trim(Blanks);
        var isRequired = first.Equals("required", StringComparison.OrdinalIgnoreCase);
        if (isRequired || first.Equals("optional", StringComparison.OrdinalIgnoreCase))
            values = values[first.Length..];
        if (attribute.Equals(Protocol, StringComparison.OrdinalIgnoreCase))
            AddValues(values, protocols);
        else if (attribute.Equals(MicAlgorithm, StringComparison.OrdinalIgnoreCase))
            AddValues(values, names);
        else if (isRequired && !attribute.IsEmpty)
            unknown.Add(attribute.ToString().ToLowerInvariant());
    }

    private static void AddValues(ReadOnlySpan<char> values, List<string> list)
    {
        foreach (var range in values.Split(','))
        {
            if (values[range].Trim(Blanks) is { IsEmpty: false } value)
                list.Add(value.ToString());
        }
    }
}
