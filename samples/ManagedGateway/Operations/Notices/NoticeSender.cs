using System.Data.Common;

namespace ManagedGateway.Operations.Notices;

/// <summary>Tells what is in the outbox: each channel in order, all channels side by side, so that one that does not answer delays nobody else.</summary>
internal sealed partial class NoticeSender(
    Outbox outbox, IEnumerable<INoticeChannel> channels, TimeProvider clock, ILogger<NoticeSender> log) : BackgroundService
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);

    private readonly List<INoticeChannel> _channels = [.. channels];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var busy = new Dictionary<string, Task>();
        try
        {
            while (true)
            {
                foreach (var ended in busy.Where(b => b.Value.IsCompleted).Select(b => b.Key).ToList())
                    busy.Remove(ended);
                foreach (var channel in DueChannels().Where(c => !busy.ContainsKey(c)))
                    busy[channel] = Task.Run(() => TellAllAsync(channel, stoppingToken), stoppingToken);
                await Task.Delay(s_interval, clock, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // What was not told is told after the next start.
        }
        await Task.WhenAll(busy.Values).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private IReadOnlyList<string> DueChannels()
    {
        try
        {
            return outbox.DueChannels();
        }
        catch (Exception e) when (e is As2.As2Exception or DbException)
        {
            LogUnread(e.Message);
            return [];
        }
    }

    private async Task TellAllAsync(string channel, CancellationToken cancellationToken)
    {
        try
        {
            await TellAsync(channel, cancellationToken);
        }
        catch (Exception e) when (e is As2.As2Exception or DbException)
        {
            // It stays there, and is told when its time is over.
            LogUnread(e.Message);
        }
    }

    private async Task TellAsync(string channel, CancellationToken cancellationToken)
    {
        while (outbox.Take(channel) is { } notice)
        {
            var failure = _channels.Find(c => c.Serves(channel)) is { } server ? await server.TellAsync(notice, cancellationToken) : null;
            if (failure is null)
                outbox.Done(notice);
            else if (outbox.Failed(notice, failure))
                LogGivenUp(channel, notice.Subject, failure);
            else
            {
                LogFailed(channel, notice.Attempts, failure);
                return;
            }
        }
    }

    [LoggerMessage(6101, LogLevel.Warning, "Notices by {Channel}: attempt {Attempt} failed, {Reason}; it is tried again")]
    private partial void LogFailed(string channel, int attempt, string reason);

    [LoggerMessage(6102, LogLevel.Error, "A notice by {Channel} was given up after three days: {Subject}; {Reason}")]
    private partial void LogGivenUp(string channel, string subject, string reason);

    [LoggerMessage(6103, LogLevel.Error, "What is to be told could not be looked up: {Reason}")]
    private partial void LogUnread(string reason);
}
