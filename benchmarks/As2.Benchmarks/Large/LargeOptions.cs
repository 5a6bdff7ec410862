using System.Globalization;

namespace As2.Benchmarks.Large;

/// <summary>What <c>eng/large.sh</c> was asked for.</summary>
internal sealed record LargeOptions
{
    /// <summary>Length of the file in GiB.</summary>
    public double Gib { get; init; } = 1;

    /// <summary>How often each is run, in turns; the medians count.</summary>
    public int Rounds { get; init; } = 3;

    /// <summary>Streams at once, to see what a further one takes.</summary>
    public int Streams { get; init; } = 16;

    /// <summary>As2.Large, compiled natively or as a library for <c>dotnet</c>.</summary>
    public string Program { get; init; } = "";

    /// <summary>Where the files are made: memory where there is room for three of them, else a disk.</summary>
    public string? Folder { get; init; }

    public static LargeOptions Parse(ReadOnlySpan<string> args)
    {
        var options = new LargeOptions();
        for (var i = 0; i + 1 < args.Length; i += 2)
        {
            options = args[i] switch
            {
                "--gib" => options with { Gib = double.Parse(args[i + 1], CultureInfo.InvariantCulture) },
                "--rounds" => options with { Rounds = int.Parse(args[i + 1], CultureInfo.InvariantCulture) },
                "--streams" => options with { Streams = int.Parse(args[i + 1], CultureInfo.InvariantCulture) },
                "--program" => options with { Program = args[i + 1] },
                "--folder" => options with { Folder = args[i + 1] },
                _ => throw new ArgumentException($"There is no option {args[i]}."),
            };
        }
        return options;
    }
}
