using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;

namespace As2.AspNetCore.Configuration;

/// <summary>A source as the host uses it: read at start, and again when it or one of its files changed.</summary>
internal sealed class As2SettingsSource
{
    private readonly PartnershipSource _source;
    private readonly TimeProvider _clock;
    private readonly Lazy<As2SettingsRead> _first;
    private IReadOnlyCollection<string> _certificateFiles = [];
    private int _version;

    public As2SettingsSource(PartnershipSource source, TimeProvider clock)
    {
        (_source, _clock) = (source, clock);
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
        // Asked for first: what changes while this reads is read again.
        var version = Version;
        try
        {
            var section = _source.Open();
            if (_first.IsValueCreated && First.Book.Partnerships.Any() && !section.GetChildren().Any())
                throw new As2Exception("AS2-CONFIG-007", $"The section {section.Path} is gone or unreadable.");
            var read = new As2SettingsReader(section, _source, _clock.GetUtcNow()).Read();
            _certificateFiles = read.Files;
            return read;
        }
        finally
        {
            ReadStamp = Stamp(version);
        }
    }

    /// <summary>The stamp of what was read last.</summary>
    public string ReadStamp { get; private set; } = "";

    /// <summary>Differs when something changed: the files' times and lengths, and what the source reported.</summary>
    public string Stamp() => Stamp(Version);

    private string Version => string.Create(CultureInfo.InvariantCulture, $"{_version}|{_source.Version()}");

    private string Stamp(string version)
        => string.Join('|', _source.Files.Concat(_certificateFiles).Select(f => new FileInfo(f)).Select(f => f.Exists
            ? string.Create(CultureInfo.InvariantCulture, $"{f.LastWriteTimeUtc.Ticks}.{f.Length}")
            : "gone").Append(version));
}
