using System.Globalization;
using System.Text.RegularExpressions;

namespace ManagedGateway.Configuration.Changes;

/// <summary>Whose setting a path such as <c>As2.Partnerships[3].Digest</c> means.</summary>
internal static partial class FaultPath
{
    /// <summary>The entry and the setting in it; no entry where the path names none.</summary>
    public static (EntryName? Entry, string Setting) Split(string path, IReadOnlyList<EntryName> partnerships)
    {
        if (Partnership().Match(path) is { Success: true } one && int.Parse(one.Groups[1].Value, CultureInfo.InvariantCulture) is var index && index < partnerships.Count)
            return (partnerships[index], one.Groups[2].Value);
        return Station().Match(path) is { Success: true } station ? (new EntryName(EntryKind.Station, station.Groups[1].Value), station.Groups[2].Value) : (null, path);
    }

    [GeneratedRegex(@"^As2\.Partnerships\[(\d{1,8})\]\.?(.*)$")]
    private static partial Regex Partnership();

    [GeneratedRegex(@"^As2\.Stations\.(.+?)\.(Certificates?(?:\[\d+\])?.*)$")]
    private static partial Regex Station();
}
