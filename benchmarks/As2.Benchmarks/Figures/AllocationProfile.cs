using System.Diagnostics.Tracing;
using System.Globalization;

namespace As2.Benchmarks.Figures;

/// <summary>
/// What some work allocates, by type: the runtime tells whose a byte was, of one in a hundred thousand, drawn at random. Ticks at even
/// distances would meet work that repeats itself at the same places again and again.
/// </summary>
internal sealed class AllocationProfile : EventListener
{
    private const EventKeywords AllocationSampling = (EventKeywords)0x80000000000;
    private const string Runtime = "Microsoft-Windows-DotNETRuntime", Sampled = "AllocationSampled";
    private const double Mean = 102_400;

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
            EnableEvents(eventSource, EventLevel.Informational, AllocationSampling);
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (eventData.EventName != Sampled)
            return;
        var (type, size) = ((string)eventData.Payload![3]!, Convert.ToDouble(eventData.Payload[5], CultureInfo.InvariantCulture));
        lock (_bytes)
            _bytes[type] = _bytes.GetValueOrDefault(type) + size / (1 - Math.Exp(-size / Mean));
    }
}
