using System.Globalization;

namespace As2.Crash;

/// <summary>What the command line says.</summary>
internal sealed record CrashOptions
{
    /// <summary>Kills at each named point.</summary>
    public int Kills { get; init; } = 2;

    /// <summary>Kills at random moments.</summary>
    public int Random { get; init; } = 10;

    /// <summary>No kill begins after this many seconds.</summary>
    public int Seconds { get; init; } = int.MaxValue;

    /// <summary>The points to arm; empty: all.</summary>
    public IReadOnlyList<string> Points { get; init; } = [];

    /// <summary>Where everything is kept; removed at the end of a campaign without findings, unless it was given.</summary>
    public string? Data { get; init; }

    /// <summary>A bed of <c>eng/ftp-servers.sh</c> whose daemon is the outside server; null: ours is.</summary>
    public string? Bed { get; init; }

    /// <summary>Which daemon of the bed.</summary>
    public string Daemon { get; init; } = "vsftpd";

    public OutsideBed? Outside => Bed is null ? null : new OutsideBed(Bed, Daemon);

    /// <summary>How many nodes a cluster has.</summary>
    public int Nodes { get; init; } = 3;

    /// <summary>Whether nodes and database of a cluster die.</summary>
    public bool HasChaos { get; init; }

    public int Port { get; init; }

    public int OutsidePort { get; init; }

    public static CrashOptions Parse(string[] args)
    {
        var options = new CrashOptions();
        for (var i = 0; i + 1 < args.Length; i += 2)
        {
            var value = args[i + 1];
            options = args[i] switch
            {
                "--kills" => options with { Kills = Number(value) },
                "--random" => options with { Random = Number(value) },
                "--seconds" => options with { Seconds = Number(value) },
                "--points" => options with { Points = value.Split(',') },
                "--data" => options with { Data = Path.GetFullPath(value) },
                "--bed" => options with { Bed = Path.GetFullPath(value) },
                "--daemon" => options with { Daemon = value },
                "--nodes" => options with { Nodes = Number(value) },
                "--chaos" => options with { HasChaos = bool.Parse(value) },
                "--port" => options with { Port = Number(value) },
                "--outside" => options with { OutsidePort = Number(value) },
                _ => throw new ArgumentException($"'{args[i]}' is not understood: --kills N, --random N, --seconds S, --points A,B, --data DIR, --bed DIR, --daemon NAME."),
            };
        }
        return args.Length % 2 == 0 ? options : throw new ArgumentException($"'{args[^1]}' needs a value.");
    }

    private static int Number(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
}
