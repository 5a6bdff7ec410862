using System.Diagnostics.Tracing;
using System.Globalization;

namespace As2.Benchmarks.Figures;

/// <summary>What some work allocates, by type: the runtime tells of every hundred thousandth byte whose it was.</summary>
internal sealed class AllocationProfile : EventListener
{
    private const EventKeywords Gc = (EventKeywords)1;
    private const string Runtime = "Microsoft-Windows-DotNETRuntime", Tick = "GCAllocationTick_V4";

    private readonly Dictionary<string, double> _bytes = [];

    /// <summary>Prints the types that make up most of it, each with its bytes in one run.</summary>
    public static void Print(string name, Action work, TextWriter output)
    {
        const int Runs = 4_000, Shown = 45;
        work();
        using var profile = new AllocationProfile();
        for (var i = 0; i < Runs; i++)
            work();
        foreach (var (type, bytes) in profile._bytes.OrderByDescending(b => b.Value).Take(Shown))
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name} {bytes / Runs:0} B {type}"));
    }

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == Runtime)
            EnableEvents(eventSource, EventLevel.Verbose, Gc);
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (eventData.EventName != Tick)
            return;
        var (type, amount) = ((string)eventData.Payload![5]!, Convert.ToDouble(eventData.Payload[3], CultureInfo.InvariantCulture));
        lock (_bytes)
            _bytes[type] = _bytes.GetValueOrDefault(type) + amount;
    }
}
