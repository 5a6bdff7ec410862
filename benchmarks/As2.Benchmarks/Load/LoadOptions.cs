using System.Globalization;

namespace As2.Benchmarks.Load;

/// <summary>What <c>eng/load.sh</c> was asked for.</summary>
/// <param name="Gateway">The gateway's assembly.</param>
internal sealed record LoadOptions(string Gateway)
{
    /// <summary>Length of each payload in bytes.</summary>
    public int Size { get; init; } = 10 << 10;

    /// <summary>Connections, each with one message under way.</summary>
    public int Concurrency { get; init; } = 32;

    /// <summary>How long it is measured.</summary>
    public int Seconds { get; init; } = 30;

    /// <summary>Messages offered in a second, whether or not they are answered in time; 0: each connection sends as soon as it was answered.</summary>
    public int Rate { get; init; }

    /// <summary>True: payloads go on to a mailbox; false: they stay in the store.</summary>
    public bool Deliver { get; init; } = true;

    /// <summary>The connection string of a PostgreSQL that keeps the messages; null: each gateway has its own SQLite.</summary>
    public string? Postgres { get; init; }

    /// <summary>Gateways on that database, each with its part of the connections.</summary>
    public int Nodes { get; init; } = 1;

    /// <summary>Whether it has a console.</summary>
    public bool Console { get; init; }

    /// <summary>What is done to its data folder before it starts.</summary>
    public Action<string>? Prepare { get; init; }

    public static LoadOptions Parse(ReadOnlySpan<string> args)
    {
        var options = new LoadOptions(args[0]);
        for (var i = 1; i + 1 < args.Length; i += 2)
        {
            if (args[i] == "--postgres")
            {
                options = options with { Postgres = args[i + 1] };
                continue;
            }
            var value = int.Parse(args[i + 1], CultureInfo.InvariantCulture);
            options = args[i] switch
            {
                "--size" => options with { Size = value },
                "--concurrency" => options with { Concurrency = value },
                "--seconds" => options with { Seconds = value },
                "--rate" => options with { Rate = value },
                "--nodes" => options with { Nodes = value },
                "--deliver" => options with { Deliver = value != 0 },
                _ => throw new ArgumentException($"There is no option {args[i]}."),
            };
        }
        return options;
    }
}
