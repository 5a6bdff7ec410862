using As2.Storage;

namespace As2.Testing.Storage;

/// <summary>What every <see cref="IStoreStatistics"/> counts: exactly the messages that are there.</summary>
public abstract class StatisticsContract : StoreContract
{
    private static readonly CancellationToken s_none = CancellationToken.None;

    /// <summary>What counts the store of this test.</summary>
    protected abstract IStoreStatistics Statistics { get; }

    [TestCase(CountPeriod.Hour)]
    [TestCase(CountPeriod.Month)]
    public async Task counts_are_those_of_the_messages_wherever_they_moved(CountPeriod period)
    {
        var start = Time.GetUtcNow();
        await TradeAsync();
        var messages = await Store.Journal.ListAsync(new MessageQuery { Max = 1000 }, s_none);
        Assert.That(messages, Has.Count.EqualTo(48));
        var counts = await Statistics.CountAsync(start, Time.GetUtcNow(), period, s_none);
        Assert.That(Lines(counts), Is.EqualTo(Expected(messages, period)));
        Assert.That(counts.Select(c => c.Period), Is.Ordered);

        // Periods count whole, at either end.
        var (from, to) = (messages[30].Created, messages[10].Created);
        Assert.That(Lines(await Statistics.CountAsync(from, to.AddMilliseconds(1), period, s_none)), Is.EqualTo(Expected(
            [.. messages.Where(m => StartOf(period, m.Created) >= StartOf(period, from) && StartOf(period, m.Created) <= StartOf(period, to))], period)));
    }

    [Test]
    public async Task what_is_under_way_is_counted_with_its_oldest()
    {
        await TradeAsync();
        var messages = await Store.Journal.ListAsync(new MessageQuery { Max = 1000 }, s_none);
        var expected = messages.Where(m => m.State is MessageState.Accepted or MessageState.Submitted or MessageState.AwaitingReceipt or MessageState.Suspended)
            .GroupBy(m => (m.State, m.Key.Local)).Select(g => new WaitingCount(g.Key.State, g.Key.Local, g.Count(), g.Min(m => m.Created)));
        Assert.That(await Statistics.WaitingAsync(s_none), Is.EquivalentTo(expected));
        Assert.That(await Statistics.LastEventAsync(s_none), Is.Positive);
    }

    /// <summary>Messages of both ways over some weeks, in every place they can come to.</summary>
    private async Task TradeAsync()
    {
        MessageState[] ends = [MessageState.Submitted, MessageState.AwaitingReceipt, MessageState.Acknowledged, MessageState.Suspended];
        for (var i = 0; i < 16; i++)
        {
            var (accepted, refused, submitted) = (At(Sample.Inbound(payload: new string('x', i))), At(Sample.Inbound(state: MessageState.Refused)), At(Sample.Outbound(file: $"order-{i}.edi")));
            await Store.Messages.AcceptAsync(accepted, s_none);
            await Store.Messages.AcceptAsync(refused, s_none);
            await Store.Messages.SubmitAsync(submitted, s_none);
            Time.Advance(TimeSpan.FromMinutes(47));
            if (i % 3 > 0)
                Assert.That(await Store.Messages.ReconcileAsync(accepted.Message.Id, Sample.Step(MessageState.Accepted, MessageState.Delivered), s_none));
            if (ends[i % 4] is var end and not MessageState.Submitted)
                Assert.That(await Store.Messages.ReconcileAsync(submitted.Message.Id, Sample.Step(MessageState.Submitted, end), s_none));
            Time.Advance(TimeSpan.FromHours(i % 5 * 19));
        }
    }

    // Identifiers begin with their time, which here is the test's.
    private NewMessage At(NewMessage made) => made with { Message = made.Message with { Id = Guid.CreateVersion7(Time.GetUtcNow()).ToString("N") } };

    private static DateTimeOffset StartOf(CountPeriod period, DateTimeOffset at)
        => period == CountPeriod.Hour ? new(at.Year, at.Month, at.Day, at.Hour, 0, 0, TimeSpan.Zero) : new(at.Year, at.Month, 1, 0, 0, 0, TimeSpan.Zero);

    private static List<string> Lines(IEnumerable<MessageCount> counts) => [.. counts.Select(c => c.ToString()).Order(StringComparer.Ordinal)];

    private static List<string> Expected(IReadOnlyList<MessageSummary> messages, CountPeriod period) => Lines(
        messages.GroupBy(m => (Period: StartOf(period, m.Created), m.Key.Direction, m.Key.Local, m.Key.Partner, m.State))
            .Select(g => new MessageCount(g.Key.Period, g.Key.Direction, g.Key.Local, g.Key.Partner, g.Key.State, g.Count(), g.Sum(m => m.Length))));
}
