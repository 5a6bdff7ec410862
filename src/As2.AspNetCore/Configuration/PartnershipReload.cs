using As2.Agreements;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace As2.AspNetCore.Configuration;

/// <summary>
/// Reads the settings when the host starts, so that a mistake stops it before a port opens, and again when they or a certificate file
/// changed, and once a day for the certificates' sake. New settings take over whole or not at all: with a mistake in them the old ones
/// stay.
/// </summary>
internal sealed partial class PartnershipReload(
    PartnershipBook book, IEnumerable<As2SettingsSource> sources, TimeProvider clock, ILogger<PartnershipReload> logger) : BackgroundService
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_daily = TimeSpan.FromDays(1);

    private readonly List<As2SettingsSource> _sources = [.. sources];
    private string _read = "";
    private DateTimeOffset _readAt;

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        Tell([.. _sources.Select(s => s.First)]);
        Remember();
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var before = _read;
        try
        {
            while (true)
            {
                await Task.Delay(s_interval, clock, stoppingToken).ConfigureAwait(false);
                var now = Stamp();
                // A change counts when it has come to rest: nobody reads a file that is being written.
                if (now == before && (now != _read || clock.GetUtcNow() - _readAt > s_daily))
                    Reload();
                before = now;
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private void Reload()
    {
        try
        {
            var read = _sources.ConvertAll(s => s.Read());
            var next = new PartnershipBook();
            foreach (var (from, partnership) in read.SelectMany(r => r.Book.Partnerships.Select(p => (r.Book, p))))
                next.Add(partnership, from.CertificatesOf(partnership)!);
            book.ReplaceBy(next);
            LogReloaded(next.Partnerships.Count());
            Tell(read);
        }
        catch (Exception e) when (e is As2Exception or IOException or InvalidDataException or FormatException)
        {
            LogKept(e.Message);
        }
        Remember();
    }

    private void Remember() => (_read, _readAt) = (Stamp(), clock.GetUtcNow());

    private string Stamp() => string.Join(';', _sources.Select(s => s.Stamp()));

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
