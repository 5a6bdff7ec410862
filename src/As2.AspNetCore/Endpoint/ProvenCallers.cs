using System.Collections.Concurrent;
using System.Net;
using As2.Agreements;

namespace As2.AspNetCore;

/// <summary>From which addresses partners' verified signatures came. Bounded, forgotten with the process. Thread-safe.</summary>
internal sealed class ProvenCallers(TimeSpan lasts, TimeProvider clock)
{
    private const int Most = 10_000;
    private static readonly TimeSpan s_often = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<(As2Identifier Local, As2Identifier Partner, IPAddress Address), DateTimeOffset> _until = new();

    public bool Knows(Partnership partnership, IPAddress? address)
        => address is not null && _until.TryGetValue((partnership.Local, partnership.Partner, address), out var until) && clock.GetUtcNow() < until;

    public void Add(Partnership partnership, IPAddress? address)
    {
        if (address is null || lasts <= TimeSpan.Zero)
            return;
        var now = clock.GetUtcNow();
        // Who is busy is proven again with every message; once in a while is enough.
        if (_until.TryGetValue((partnership.Local, partnership.Partner, address), out var known) && known - now > lasts - s_often)
            return;
        if (_until.Count >= Most)
            Forget(now);
        _until[(partnership.Local, partnership.Partner, address)] = now + lasts;
    }

    // Only who can sign for a partner fills this: when it is full of fresh ones, to begin anew costs nobody much.
    private void Forget(DateTimeOffset now)
    {
        foreach (var (caller, until) in _until)
        {
            if (until <= now)
                _until.TryRemove(caller, out _);
        }
        if (_until.Count >= Most)
            _until.Clear();
    }
}
