using System.Diagnostics;

namespace As2.Benchmarks.Load;

/// <summary>What one connection heard, and after how long.</summary>
internal sealed class LoadTally
{
    private readonly List<double>[] _times = [[], [], []];

    /// <summary>Notes an answer.</summary>
    /// <param name="answer">What it was.</param>
    /// <param name="due">When the message was to be sent, as a timestamp.</param>
    public void Add(LoadAnswer answer, long due) => _times[(int)answer].Add(Stopwatch.GetElapsedTime(due).TotalMilliseconds);

    /// <summary>Takes over another tally.</summary>
    public void Add(LoadTally other)
    {
        for (var i = 0; i < _times.Length; i++)
            _times[i].AddRange(other._times[i]);
    }

    /// <summary>How often.</summary>
    public int Count(LoadAnswer answer) => _times[(int)answer].Count;

    /// <summary>Milliseconds that this part of the answers did not pass; 0 without any.</summary>
    public double Quantile(LoadAnswer answer, double part)
    {
        var times = _times[(int)answer];
        times.Sort();
        return times.Count == 0 ? 0 : times[Math.Min(times.Count - 1, (int)(times.Count * part))];
    }
}
