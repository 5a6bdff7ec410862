using System.Diagnostics;

namespace As2.Benchmarks.Figures;

/// <summary>
/// Some work and its floor, measured in turns on one thread, so that a change of the processor's speed meets both. Values are medians.
/// </summary>
/// <param name="Name">What is measured.</param>
/// <param name="Work">The work.</param>
/// <param name="Floor">What of it nobody can avoid, or null.</param>
internal sealed record Contest(string Name, Action Work, Action? Floor = null)
{
    private const int AllocationRuns = 64;

    /// <summary>What the ratio must reach.</summary>
    public double? Bar { get; init; }

    /// <summary>Bytes that one run may allocate.</summary>
    public double? AllocationBar { get; init; }

    /// <summary>Runs in one measurement: more than one for work of a few microseconds.</summary>
    public int Batch { get; init; } = 1;

    /// <summary>Messages that one run handles; values are of one message.</summary>
    public int Messages { get; init; } = 1;

    /// <summary>True: time passes by the clock and allocations are those of the process, for work that others do.</summary>
    public bool IsByTheClock { get; init; }

    public IEnumerable<Figure> Run(int rounds)
    {
        WarmUp(rounds);
        var (work, floor) = (new double[rounds], new double[rounds]);
        for (var i = 0; i < rounds; i++)
        {
            work[i] = Measure(Work);
            floor[i] = Floor is null ? 0 : Measure(Floor);
        }
        var median = Median(work);
        yield return new Figure(Name, median, "us", Floor is null ? null : Median(floor) / median, Bar);
        yield return new Figure($"{Name}-allocated", Allocated(), "B", Bar: AllocationBar);
    }

    /// <summary>Until the second tier of the compiler has had its pauses, in which it starts.</summary>
    private void WarmUp(int runs)
    {
        for (var pause = 0; pause < 3; pause++)
        {
            for (var i = 0; i < runs; i++)
            {
                Measure(Work);
                if (Floor is not null)
                    Measure(Floor);
            }
            Thread.Sleep(200);
        }
    }

    /// <summary>Microseconds for one message: of CPU, or by the clock.</summary>
    private double Measure(Action action)
    {
        var start = Now();
        for (var i = 0; i < Batch; i++)
            action();
        return (Now() - start) / 1000.0 / Batch / Messages;
    }

    private double Allocated()
    {
        var start = AllocatedSoFar();
        for (var i = 0; i < AllocationRuns; i++)
            Work();
        return (AllocatedSoFar() - start) / (double)AllocationRuns / Messages;
    }

    private long Now() => IsByTheClock ? (long)Stopwatch.GetElapsedTime(0).TotalNanoseconds : ThreadClock.Now();

    private long AllocatedSoFar() => IsByTheClock ? GC.GetTotalAllocatedBytes(precise: true) : GC.GetAllocatedBytesForCurrentThread();

    private static double Median(double[] values)
    {
        Array.Sort(values);
        return values[values.Length / 2];
    }
}
