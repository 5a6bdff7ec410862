namespace As2.Crash;

/// <summary>How many kills there were, and where.</summary>
internal sealed class Tally
{
    public const string Random = "random", Failed = "failed to start";

    private readonly Dictionary<string, int> _kills = [];
    private readonly Dictionary<string, int> _missed = [];

    public int Kills => _kills.Values.Sum();

    public int Stalls { get; set; }

    public bool HasFailure => _kills.ContainsKey(Failed);

    /// <param name="where">The point, or <see cref="Random"/>.</param>
    /// <param name="missed">The point that was armed and not passed in time, or null.</param>
    public void Count(string where, string? missed)
    {
        _kills[where] = _kills.GetValueOrDefault(where) + 1;
        if (missed is not null)
            _missed[missed] = _missed.GetValueOrDefault(missed) + 1;
    }

    public string Line(string where)
        => $"{where,-10}{_kills.GetValueOrDefault(where),5} kills{(_missed.TryGetValue(where, out var missed) ? $", {missed} not passed in time" : "")}";
}
