using System.Globalization;
using As2.Agreements;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;

namespace As2.AspNetCore.Configuration;

/// <summary>Where settings come from: read at start, and again when the source or one of its files changed.</summary>
internal sealed class As2SettingsSource
{
    private readonly Func<IConfigurationSection> _open;
    private readonly string _folder;
    private readonly TimeProvider _clock;
    private readonly IReadOnlyList<string> _files;
    private readonly Lazy<As2SettingsRead> _first;
    private IReadOnlyCollection<string> _certificateFiles = [];
    private int _version;

    /// <param name="open">Gives the section as it is now.</param>
    /// <param name="folder">Certificate files are relative to it.</param>
    /// <param name="files">Files whose change is a change of the section.</param>
    /// <param name="clock">The clock.</param>
    public As2SettingsSource(Func<IConfigurationSection> open, string folder, IReadOnlyList<string> files, TimeProvider clock)
    {
        (_open, _folder, _files, _clock) = (open, folder, files, clock);
        _first = new(Read);
    }

    /// <summary>What stood there at start.</summary>
    public As2SettingsRead First => _first.Value;

    /// <summary>Counts the changes that a configuration reports by itself.</summary>
    public As2SettingsSource Watching(IConfiguration configuration)
    {
        ChangeToken.OnChange(configuration.GetReloadToken, () => Interlocked.Increment(ref _version));
        return this;
    }

    /// <summary>Reads everything anew.</summary>
    /// <exception cref="As2Exception">AS2-CONFIG-001: the faults; AS2-CONFIG-007: there is nothing any more.</exception>
    public As2SettingsRead Read()
    {
        var section = _open();
        if (_first.IsValueCreated && First.Book.Partnerships.Any() && !section.GetChildren().Any())
            throw new As2Exception("AS2-CONFIG-007", $"The section {section.Path} is gone or unreadable.");
        var read = new As2SettingsReader(section, _folder, _clock.GetUtcNow()).Read();
        _certificateFiles = read.Files;
        return read;
    }

    /// <summary>Differs when something changed: the files' times and lengths, and what the configuration reported.</summary>
    public string Stamp()
        => string.Join('|', _files.Concat(_certificateFiles).Select(f => new FileInfo(f)).Select(f => f.Exists
            ? string.Create(CultureInfo.InvariantCulture, $"{f.LastWriteTimeUtc.Ticks}.{f.Length}")
            : "gone").Append(_version.ToString(CultureInfo.InvariantCulture)));
}
