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
                foreach (var channel in outbox.DueChannels().Where(c => !busy.ContainsKey(c)))
                    busy[channel] = Task.Run(() => TellAsync(channel, stoppingToken), stoppingToken);
                await Task.Delay(s_interval, clock, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // What was not told is told after the next start.
        }
        await Task.WhenAll(busy.Values).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task TellAsync(string channel, CancellationToken cancellationToken)
    {
        while (outbox.Next(channel) is { } notice)
        {
            var failure = _channels.Find(c => c.Serves(channel)) is { } server ? await server.TellAsync(notice, cancellationToken) : null;
            if (failure is null)
                outbox.Done(notice);
            else if (outbox.Failed(notice, failure))
                LogGivenUp(channel, notice.Subject, failure);
            else
            {
                LogFailed(channel, notice.Attempts + 1, failure);
                return;
            }
        }
    }

    [LoggerMessage(6101, LogLevel.Warning, "Notices by {Channel}: attempt {Attempt} failed, {Reason}; it is tried again")]
    private partial void LogFailed(string channel, int attempt, string reason);

    [LoggerMessage(6102, LogLevel.Error, "A notice by {Channel} was given up after three days: {Subject}; {Reason}")]
    private partial void LogGivenUp(string channel, string subject, string reason);
}
