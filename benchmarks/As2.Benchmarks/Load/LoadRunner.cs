using System.Diagnostics;
using System.Globalization;

namespace As2.Benchmarks.Load;

/// <summary>
/// A running gateway under load: signed and encrypted messages over kept connections, each answered by a signed receipt, everything in
/// the durable store. The bound is measured on the same cores before and after.
/// </summary>
internal sealed class LoadRunner(LoadOptions options, TextWriter output)
{
    private static readonly TimeSpan s_warmUp = TimeSpan.FromSeconds(10);

    /// <summary>Runs and prints. 0 when no answer was wrong.</summary>
    public async Task<int> RunAsync()
    {
        RsaBound.Measure();
        var before = RsaBound.Measure();
        var messages = new LoadMessages(options, before.Rate * options.Seconds);
        await using var gateway = await LoadGateway.StartAsync(options);
        List<LoadGateway> all = [gateway];
        for (var i = 1; i < options.Nodes; i++)
            all.Add(await LoadGateway.StartAsync(options, gateway.Folder));
        await DriveAsync(all, messages, s_warmUp);
        Print($"warm");
        var (rss, cpu, own, start) = (gateway.Rss, all.Sum(g => g.Cpu), Environment.CpuUsage.TotalTime, Stopwatch.GetTimestamp());
        using var stop = new CancellationTokenSource();
        var watch = WatchAsync(gateway, stop.Token);
        var tally = await DriveAsync(all, messages, TimeSpan.FromSeconds(options.Seconds));
        var (seconds, endCpu, ownCpu) = (Stopwatch.GetElapsedTime(start).TotalSeconds, all.Sum(g => g.Cpu) - cpu, Environment.CpuUsage.TotalTime - own);
        await stop.CancelAsync();
        var samples = await watch;
        var after = RsaBound.Measure();
        var (bound, rsa) = ((before.Rate + after.Rate) / 2, (before.Cpu + after.Cpu) / 2);

        var accepted = tally.Count(LoadAnswer.Accepted);
        Print($"messages {messages.Count} different, {options.Size} bytes, {options.Concurrency} connections, {seconds:0} s{(options.Rate > 0 ? $", {options.Rate} offered a second" : "")}");
        Print($"rate {accepted / seconds:0} messages/s");
        Print($"bound {bound:0} messages/s by the RSA operations alone ({before.Rate:0} before, {after.Rate:0} after)");
        Print($"ratio {accepted / seconds / bound:0.00}");
        Print($"latency p50 {tally.Quantile(LoadAnswer.Accepted, 0.5):0} ms p99 {tally.Quantile(LoadAnswer.Accepted, 0.99):0} ms max {tally.Quantile(LoadAnswer.Accepted, 1):0} ms");
        Print($"refused {tally.Count(LoadAnswer.Refused) / seconds:0} messages/s p99 {tally.Quantile(LoadAnswer.Refused, 0.99):0} ms");
        Print($"errors {tally.Count(LoadAnswer.Wrong)}");
        Print($"rss start {rss:0} MiB end {samples[^1]:0} MiB peak {gateway.PeakRss:0} MiB, by sixths {string.Join(' ', Sixths(samples).Select(s => $"{s:0}"))}");
        var perMessage = endCpu / Math.Max(accepted, 1) * 1000;
        Print($"cpu {perMessage:0.00} ms a message in the gateway, of it {rsa:0.00} ms in RSA operations, ratio {rsa / perMessage:0.00}; {ownCpu.TotalMilliseconds / Math.Max(accepted, 1):0.00} ms in the load");
        foreach (var node in all.Skip(1))
            await node.DisposeAsync();
        return tally.Count(LoadAnswer.Wrong) == 0 ? 0 : 1;
    }

    /// <summary>Sends over every connection for this long.</summary>
    public async Task<LoadTally> DriveAsync(IReadOnlyList<LoadGateway> gateways, LoadMessages messages, TimeSpan duration)
    {
        var start = Stopwatch.GetTimestamp();
        var tallies = await Task.WhenAll(Enumerable.Range(0, options.Concurrency).Select(i => Task.Factory.StartNew(
            () => Drive(i, gateways[i % gateways.Count], messages, (start, duration)), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
        var sum = new LoadTally();
        foreach (var tally in tallies)
            sum.Add(tally);
        return sum;
    }

    /// <summary>One connection. With a rate, time counts from the moment at which a message was due, not from when its turn came.</summary>
    private LoadTally Drive(int index, LoadGateway gateway, LoadMessages messages, (long Start, TimeSpan Duration) when)
    {
        var tally = new LoadTally();
        var interval = options.Rate == 0 ? 0 : Stopwatch.Frequency * options.Concurrency / (double)options.Rate;
        using var connection = new LoadConnection(options);
        connection.Connect(gateway.Port);
        for (var i = 0; Stopwatch.GetElapsedTime(when.Start) < when.Duration; i++)
        {
            var due = options.Rate == 0 ? Stopwatch.GetTimestamp() : when.Start + (long)(interval * (i + (index / (double)options.Concurrency)));
            if (Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), due) is { Ticks: > 0 } early)
                Thread.Sleep(early);
            var answer = connection.Post(messages);
            tally.Add(answer, due);
            if (answer == LoadAnswer.Wrong)
                break;
        }
        return tally;
    }

    private static async Task<List<double>> WatchAsync(LoadGateway gateway, CancellationToken stop)
    {
        var samples = new List<double> { gateway.Rss };
        while (!stop.IsCancellationRequested)
        {
            await Task.Delay(500, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            samples.Add(gateway.Rss);
        }
        return samples;
    }

    /// <summary>The memory in the course of the run.</summary>
    private static IEnumerable<double> Sixths(List<double> samples)
        => Enumerable.Range(1, 6).Select(i => samples[(i * samples.Count / 6) - 1 < 0 ? 0 : (i * samples.Count / 6) - 1]);

    private void Print(FormattableString line) => output.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
