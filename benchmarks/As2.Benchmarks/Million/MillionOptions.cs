using System.Globalization;

namespace As2.Benchmarks.Million;

/// <summary>What <c>eng/million.sh</c> was asked for.</summary>
/// <param name="Gateway">The gateway's assembly.</param>
internal sealed record MillionOptions(string Gateway)
{
    /// <summary>Messages that the store holds before anything is asked.</summary>
    public int Rows { get; init; } = 1_000_000;

    /// <summary>The time over which they are spread.</summary>
    public TimeSpan Span { get; init; } = TimeSpan.FromDays(60);

    /// <summary>How long each turn receives; 0: only questions.</summary>
    public int Seconds { get; init; } = 15;

    /// <summary>Turns without and with questions.</summary>
    public int Turns { get; init; } = 2;

    /// <summary>Length of each payload that is received, in bytes.</summary>
    public int Size { get; init; } = 10 << 10;

    public static MillionOptions Parse(ReadOnlySpan<string> args)
    {
        var options = new MillionOptions(args[0]);
        for (var i = 1; i + 1 < args.Length; i += 2)
        {
            var value = int.Parse(args[i + 1], CultureInfo.InvariantCulture);
            options = args[i] switch
            {
                "--rows" => options with { Rows = value },
                "--days" => options with { Span = TimeSpan.FromDays(value) },
                "--seconds" => options with { Seconds = value },
                "--turns" => options with { Turns = value },
                "--size" => options with { Size = value },
                _ => throw new ArgumentException($"There is no option {args[i]}."),
            };
        }
        return options;
    }
}
