using As2.AspNetCore.Health;
using As2.Routes;
using As2.Storage;
using As2.Telemetry;
using As2.Transmission;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace As2.AspNetCore;

/// <summary>
/// Carries out the durable work: claims due jobs, a bounded number at once, woken by the store's signal and by a poll that is the
/// truth. When the host stops, what runs
/// has 20 seconds to end; the rest is left to the next start.
/// </summary>
internal sealed partial class JobWorker(
    IMessageStore store, JobSignal signal, JobKinds kinds, IOptions<As2Options> options, WorkerPulse pulse, ILogger<JobWorker> logger) : BackgroundService
{
    private static readonly TimeSpan s_poll = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_drain = TimeSpan.FromSeconds(20);

    protected override Task ExecuteAsync(CancellationToken stoppingToken)
        => Task.WhenAll(kinds.All.Select(kind => RunAsync(kind, stoppingToken)));

    private async Task RunAsync(KindOfWork kind, CancellationToken stop)
    {
        using var drained = new CancellationTokenSource();
        await using var _ = stop.Register(() => drained.CancelAfter(s_drain)).ConfigureAwait(false);
        var running = new HashSet<Task>();
        while (!stop.IsCancellationRequested)
        {
            running.RemoveWhere(t => t.IsCompleted);
            var free = kind.AtOnce - running.Count;
            var jobs = free > 0 ? await ClaimAsync(kind.Kind, free, stop).ConfigureAwait(false) : [];
            foreach (var job in jobs)
                running.Add(WorkAsync(job, kind.Work, drained.Token));
            if (jobs.Count == 0)
                await WaitAsync(kind.Kind, running, isFull: free == 0, stop).ConfigureAwait(false);
        }
        await Task.WhenAll(running).ConfigureAwait(false);
    }

    /// <summary>Until there may be something to claim: a pulse, the poll, or a free place.</summary>
    private async Task WaitAsync(JobKind kind, HashSet<Task> running, bool isFull, CancellationToken stop)
    {
        try
        {
            if (isFull)
                await Task.WhenAny(running).WaitAsync(stop).ConfigureAwait(false);
            else
                await signal.WaitAsync(kind, s_poll, stop).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The host stops: the loop ends, what runs may end on its own.
        }
    }

    private async ValueTask<IReadOnlyList<Job>> ClaimAsync(JobKind kind, int max, CancellationToken stop)
    {
        try
        {
            var jobs = await store.ClaimAsync(kind, max, options.Value.Lease, stop).ConfigureAwait(false);
            pulse.Beat();
            return jobs;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return [];
        }
        catch (Exception e)
        {
            // Whatever it is: a worker that ends would take the whole host with it.
            LogStoreTrouble(kind, e);
            return [];
        }
    }

    private async Task WorkAsync(Job job, Func<Job, CancellationToken, ValueTask> work, CancellationToken drained)
    {
        await Task.Yield();
        var kind = new KeyValuePair<string, object?>(TagNames.Kind, job.Kind.ToString());
        Measures.ActiveJobs.Add(1, kind);
        try
        {
            await work(job, drained).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            LogLeft(job.Kind, job.MessageId);
        }
        catch (Exception e)
        {
            LogBroken(job.Kind, job.MessageId, e);
        }
        finally
        {
            Measures.ActiveJobs.Add(-1, kind);
        }
    }

    [LoggerMessage(4001, LogLevel.Error, "The store cannot give {Kind} jobs; trying again")]
    private partial void LogStoreTrouble(JobKind kind, Exception e);

    [LoggerMessage(4002, LogLevel.Information, "{Kind} of message {Id} was left; it goes on when its lease ends")]
    private partial void LogLeft(JobKind kind, string id);

    [LoggerMessage(4003, LogLevel.Error, "{Kind} of message {Id} broke off; it goes on when its lease ends")]
    private partial void LogBroken(JobKind kind, string id, Exception e);
}

/// <summary>A kind of job, its work, and how much of it at once.</summary>
internal sealed record KindOfWork(JobKind Kind, int AtOnce, Func<Job, CancellationToken, ValueTask> Work);

/// <summary>Which work each kind of job is.</summary>
internal sealed class JobKinds(PayloadDelivery delivery, As2Sender sender, ReceiptDispatch receipts)
{
    // Posts mostly wait for partners, and a partner who hangs has a bounded number of them: there is room for the others.
    private const int Deliveries = 8, Posts = 32;

    /// <summary>The kinds and their work.</summary>
    public IReadOnlyList<KindOfWork> All { get; } =
    [
        new(JobKind.Deliver, Deliveries, delivery.RunAsync),
        new(JobKind.Send, Posts, async (job, stop) => await sender.AttemptAsync(job, stop).ConfigureAwait(false)),
        new(JobKind.SendReceipt, Posts, receipts.RunAsync),
    ];
}
