using System.Globalization;
using As2.Benchmarks.Load;

namespace As2.Benchmarks.Million;

/// <summary>
/// A gateway that keeps a million messages: how long dashboard and searches take over the API, and what the receive rate loses while they
/// are asked for.
/// </summary>
internal sealed class MillionRunner(MillionOptions options, TextWriter output)
{
    private const int Rounds = 40, Bar = 300;

    private static readonly TimeSpan s_between = TimeSpan.FromMilliseconds(500);

    /// <summary>Runs and prints. 0 when every figure is within its bar.</summary>
    public async Task<int> RunAsync()
    {
        var load = new LoadOptions(options.Gateway) { Console = true, Size = options.Size, Seconds = options.Seconds, Prepare = folder => MillionFill.Fill(folder, options.Rows, options.Span, output) };
        await using var gateway = await LoadGateway.StartAsync(load);
        using var console = await ConsoleClient.FirstRunAsync(gateway.Link!);
        var questions = new MillionQuestions(options.Rows, options.Span).All;
        var good = true;
        foreach (var (name, path) in questions)
            good &= Print(name, await AskAsync(console, path));
        if (options.Seconds > 0)
            good &= await ReceiveAsync(gateway, load, console, questions);
        return good ? 0 : 1;
    }

    private static async Task<List<double>> AskAsync(ConsoleClient console, Func<int, string> path)
    {
        var times = new List<double>();
        for (var i = 1; i <= Rounds; i++)
            times.Add((await console.GetAsync(path(i))).Milliseconds);
        return times;
    }

    /// <summary>Receives with nobody asking and with a dashboard and a search every second, in turns.</summary>
    private async Task<bool> ReceiveAsync(LoadGateway gateway, LoadOptions load, ConsoleClient console, IReadOnlyList<(string Name, Func<int, string> Path)> questions)
    {
        var runner = new LoadRunner(load, TextWriter.Null);
        var messages = new LoadMessages(load, 2000);
        await runner.DriveAsync([gateway], messages, TimeSpan.FromSeconds(8));
        var (alone, asked, times) = (0.0, 0.0, new List<double>());
        for (var turn = 0; turn < 2 * options.Turns; turn++)
        {
            // Without, with, with, without: what changes in the course of the run falls on both.
            if (turn % 4 is 0 or 3)
            {
                alone += await RateAsync(runner, gateway, messages);
                continue;
            }
            using var stop = new CancellationTokenSource();
            var asking = PollAsync(console, questions, times, stop.Token);
            asked += await RateAsync(runner, gateway, messages);
            await stop.CancelAsync();
            await asking;
        }
        var drop = 1 - (asked / alone);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"receive {alone / options.Turns:0} messages/s alone, {asked / options.Turns:0} with a dashboard and a search every second: drop {drop:P1} (bar 10 %)"));
        return Print("asked meanwhile", times) & drop <= 0.1;
    }

    private async Task<double> RateAsync(LoadRunner runner, LoadGateway gateway, LoadMessages messages)
        => (await runner.DriveAsync([gateway], messages, TimeSpan.FromSeconds(options.Seconds))).Count(LoadAnswer.Accepted) / (double)options.Seconds;

    private static async Task PollAsync(ConsoleClient console, IReadOnlyList<(string Name, Func<int, string> Path)> questions, List<double> times, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(s_between);
        try
        {
            for (var i = 1; await timer.WaitForNextTickAsync(stop); i++)
                times.Add((await console.GetAsync(questions[i % 2 == 0 ? 0 : 1 + (i / 2 % (questions.Count - 1))].Path(i), stop)).Milliseconds);
        }
        catch (OperationCanceledException)
        {
            // The turn is over.
        }
    }

    private bool Print(string name, List<double> times)
    {
        times.Sort();
        var p95 = times[times.Count * 95 / 100];
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-36} p50 {times[times.Count / 2],6:0.0} ms   p95 {p95,6:0.0} ms{(p95 > Bar ? "   over the bar of 300" : "")}"));
        return p95 <= Bar;
    }
}
