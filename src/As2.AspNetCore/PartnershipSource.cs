using Microsoft.Extensions.Configuration;

namespace As2.AspNetCore;

/// <summary>Where stations, partnerships and their certificates come from; opened anew for each reading.</summary>
public sealed class PartnershipSource
{
    /// <summary>Gives the section as it is now; docs/settings.md says what may stand in it.</summary>
    public required Func<IConfigurationSection> Open { get; init; }

    /// <summary>Certificate files are relative to this folder.</summary>
    public required string Folder { get; init; }

    /// <summary>Files whose change is a change of the section. Default: none.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    /// <summary>A word that differs when anything else changed, such as a row of a database; asked every two seconds. Default: nothing else changes.</summary>
    public Func<string> Version { get; init; } = () => "";

    /// <summary>
    /// Reads a certificate, key or password file by its whole path; an <see cref="IOException"/> becomes a fault of the settings. For files
    /// that are encrypted, or are none. Default: <see cref="File.ReadAllBytes"/>.
    /// </summary>
    public Func<string, byte[]> ReadFile { get; init; } = File.ReadAllBytes;
}
