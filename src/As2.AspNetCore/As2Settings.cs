using As2.Agreements;
using As2.AspNetCore.Configuration;
using Microsoft.Extensions.Logging;

namespace As2.AspNetCore;

/// <summary>
/// The settings of <c>AddPartnerships</c> in a running host. New ones take over whole or not at all: with a mistake in them the old ones
/// stay. Thread-safe.
/// </summary>
public sealed partial class As2Settings
{
    private readonly Lock _gate = new();
    private readonly PartnershipBook _book;
    private readonly List<As2SettingsSource> _sources;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;

    internal As2Settings(PartnershipBook book, IEnumerable<As2SettingsSource> sources, TimeProvider clock, ILogger<As2Settings> logger)
        => (_book, _sources, _clock, _logger) = (book, [.. sources], clock, logger);

    /// <summary>What may be said about a partnership, in the order of docs/settings.md.</summary>
    public static IReadOnlyList<SettingDescription> PartnershipSettings { get; } =
    [
        .. Configuration.PartnershipSettings.All.Select(s => new SettingDescription(
            s.Name, s.Accepts, s.Meaning, s.Show(new Partnership { Local = new As2Identifier("US"), Partner = new As2Identifier("THEM") }))),
    ];

    /// <summary>The stamp of what was read last.</summary>
    internal string ReadStamp => string.Join(';', _sources.Select(s => s.ReadStamp));

    /// <summary>When it was read.</summary>
    internal DateTimeOffset ReadAt { get; private set; }

    /// <summary>What is wrong or doubtful in settings that are not in use yet; nothing changes.</summary>
    /// <param name="candidate">The settings.</param>
    /// <returns>Every fault at once, errors first; its setting is the path in the section.</returns>
    public IReadOnlyList<PartnershipFault> Check(PartnershipSource candidate)
        => new As2SettingsReader(candidate.Open(), candidate, _clock.GetUtcNow()).Check();

    /// <summary>Reads all settings now, in place of within the next seconds.</summary>
    /// <returns>False: there is a mistake in them, which the log tells, and the old ones stay.</returns>
    public bool Reload()
    {
        lock (_gate)
        {
            try
            {
                var read = _sources.ConvertAll(s => s.Read());
                var next = new PartnershipBook();
                foreach (var (from, partnership) in read.SelectMany(r => r.Book.Partnerships.Select(p => (r.Book, p))))
                    next.Add(partnership, from.CertificatesOf(partnership)!);
                _book.ReplaceBy(next);
                LogReloaded(next.Partnerships.Count());
                Tell(read);
                return true;
            }
            catch (Exception e) when (e is As2Exception or IOException or InvalidDataException or FormatException)
            {
                LogKept(e.Message);
                return false;
            }
            finally
            {
                ReadAt = _clock.GetUtcNow();
            }
        }
    }

    /// <summary>Tells of what stood there at start.</summary>
    internal void Begin()
    {
        lock (_gate)
        {
            Tell([.. _sources.Select(s => s.First)]);
            ReadAt = _clock.GetUtcNow();
        }
    }

    internal string Stamp() => string.Join(';', _sources.Select(s => s.Stamp()));

    private void Tell(List<As2SettingsRead> read)
    {
        foreach (var partnership in read.SelectMany(r => r.Book.Partnerships))
            LogPartnership(partnership.Local.Value, partnership.Partner.Value, partnership.Endpoint);
        foreach (var warning in read.SelectMany(r => r.Warnings))
            Tell(warning);
    }

    private void Tell(PartnershipFault warning)
    {
        if (warning.Id is "AS2-CONFIG-142" or "AS2-CONFIG-143")
            LogCertificateEnds(warning.Setting, warning.Text, warning.Id);
        else if (warning.Id is "AS2-CONFIG-113" or "AS2-CONFIG-115" or "AS2-CONFIG-121" or "AS2-CONFIG-122" or "AS2-CONFIG-144")
            LogWeak(warning.Setting, warning.Text, warning.Id);
        else
            LogDoubtful(warning.Setting, warning.Text, warning.Id);
    }

    [LoggerMessage(4101, LogLevel.Information, "Partnership of {Local} with {Partner}, messages go to {Endpoint}")]
    private partial void LogPartnership(string local, string partner, Uri? endpoint);

    [LoggerMessage(4102, LogLevel.Warning, "{Path}: {Text} ({Id})")]
    private partial void LogDoubtful(string path, string text, string id);

    [LoggerMessage(4103, LogLevel.Warning, "{Path}: {Text} ({Id})")]
    private partial void LogCertificateEnds(string path, string text, string id);

    [LoggerMessage(4104, LogLevel.Warning, "{Path}: {Text} ({Id})")]
    private partial void LogWeak(string path, string text, string id);

    [LoggerMessage(4105, LogLevel.Warning, "The settings changed and were read again: {Count} partnerships")]
    private partial void LogReloaded(int count);

    [LoggerMessage(4106, LogLevel.Error, "The settings changed and cannot be used; the old ones stay. {Reason}")]
    private partial void LogKept(string reason);
}
