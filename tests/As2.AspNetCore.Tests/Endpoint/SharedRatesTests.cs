using System.Net;
using As2.Agreements;
using As2.Storage;
using As2.Testing;

namespace As2.AspNetCore.Tests.Endpoint;

/// <summary>Bounds of a minute that several nodes hold together; the counts in the database are tested with its store.</summary>
public sealed class SharedRatesTests
{
    private static readonly Partnership s_partnership = new() { Local = new As2Identifier("US"), Partner = new As2Identifier("THEM") };

    [Test]
    public async Task nodes_take_shares_and_ask_seldom()
    {
        var (clock, all) = (new ManualTime(), new Counts());
        using var here = new PartnerRates(200, all, clock);
        using var there = new PartnerRates(200, all, clock);
        var entered = 0;
        for (var i = 0; i < 300; i++)
            entered += await (i % 2 == 0 ? here : there).TryEnterAsync(s_partnership, default) ? 1 : 0;
        Assert.That(entered, Is.EqualTo(200));
        Assert.That(all.Asked, Is.EqualTo(22), "twenty shares, and once at each node that nothing is left");
        all.Used.Clear();
        Assert.That(await here.TryEnterAsync(s_partnership, default), Is.False, "it asks again after a second");
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.That(await here.TryEnterAsync(s_partnership, default));
    }

    [Test]
    public async Task failures_at_one_node_count_at_the_other()
    {
        var (clock, all, address) = (new ManualTime(), new Counts(), IPAddress.Parse("192.0.2.1"));
        using var here = new FailureRates(10, all, clock);
        using var there = new FailureRates(10, all, clock);
        for (var i = 0; i < 9; i++)
            await here.CountAsync(address, default);
        Assert.That(here.AreTooMany(address), Is.False);
        await there.CountAsync(address, default);
        Assert.That(there.AreTooMany(address), Is.False);
        await there.CountAsync(address, default);
        Assert.That(there.AreTooMany(address), "the eleventh of both");
        clock.Advance(TimeSpan.FromSeconds(10));
        Assert.That(there.AreTooMany(address), Is.False, "one more may show whether it is still so");
    }

    [Test]
    public async Task addresses_that_never_come_again_are_forgotten()
    {
        var (clock, all) = (new ManualTime(), new Counts());
        using var rates = new FailureRates(1, all, clock);
        for (var i = 0; i < 1000; i++)
        {
            await rates.CountAsync(new IPAddress(i), default);
            await rates.CountAsync(new IPAddress(i), default);
            clock.Advance(TimeSpan.FromSeconds(1));
        }
        Assert.That(rates.Remembered, Is.InRange(10, 20), "those of the last ten seconds, and what came since they were looked through");
    }

    private sealed class Counts : ISharedBounds
    {
        public Dictionary<string, int> Used { get; } = [];

        public int Asked { get; private set; }

        public ValueTask<bool> TryTakeAsync(string key, int perMinute, int share, CancellationToken cancellationToken)
        {
            Asked++;
            var used = Used.GetValueOrDefault(key);
            if (used + share > perMinute)
                return ValueTask.FromResult(false);
            Used[key] = used + share;
            return ValueTask.FromResult(true);
        }
    }
}
