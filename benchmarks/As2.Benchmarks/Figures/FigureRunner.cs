namespace As2.Benchmarks.Figures;

/// <summary>Prints one line a figure: <c>name value unit ratio bar ok|short</c>.</summary>
internal static class FigureRunner
{
    /// <summary>Measures everything.</summary>
    /// <param name="output">Takes the lines.</param>
    /// <param name="isFull">True: more rounds, more sizes.</param>
    /// <param name="only">The start of the names of what to measure; none: everything.</param>
    public static void Run(TextWriter output, bool isFull, params IReadOnlyList<string> only)
    {
        bool IsWanted(Contest contest) => only.Count == 0 || only.Any(o => contest.Name.StartsWith(o, StringComparison.Ordinal));
        using var accept = new AcceptFigures();
        var contests = (IEnumerable<Contest>)
            [.. Layers(isFull), ReceiveFigures.Contest(new Message(10 << 10), "10k"), .. ReceiptFigures.All(), .. StageFigures.All(), .. accept.All()];
        foreach (var contest in contests.Where(IsWanted))
            Run(contest, output, (isFull ? 2000 : 300) / (contest.IsByTheClock ? 4 : 1));
        if (only.Count > 0)
            return;
        foreach (var figure in CompressionFigures.All(isFull))
            output.WriteLine(figure);
        foreach (var contest in OtherLibraries.All(new Message(10 << 10), "10k"))
            Run(contest, output, isFull ? 300 : 40);
    }

    private static void Run(Contest contest, TextWriter output, int rounds)
    {
        foreach (var figure in contest.Run(rounds))
            output.WriteLine(figure);
        output.Flush();
    }

    private static IEnumerable<Contest> Layers(bool isFull)
    {
        foreach (var (name, size) in ((string, int)[])[("10k", 10 << 10), .. isFull ? [("1k", 1 << 10), ("100k", 100 << 10), ("1m", 1 << 20)] : ((string, int)[])[]])
        {
            var message = new Message(size);
            double? bar = size == 10 << 10 ? 0.93 : null;
            yield return new Contest($"pack-{name}", message.Pack, message.PackFloor) { Bar = bar, AllocationBar = 4096 };
            yield return new Contest($"unpack-{name}", message.Unpack, message.UnpackFloor) { Bar = bar, AllocationBar = 4096 };
        }
    }
}
