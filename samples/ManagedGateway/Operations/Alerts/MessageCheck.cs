using As2.Agreements;
using As2.Storage;
using ManagedGateway.Configuration;

namespace ManagedGateway.Operations.Alerts;

/// <summary>Messages that do not get on: receipts that are overdue, partners that are suspended, routes that do not take, a backlog, refusals in number.</summary>
internal sealed class MessageCheck(IStoreStatistics statistics, IMessageJournal journal, IPartnershipDirectory partnerships, LiveSettings live, ChecksContext context) : IAlertCheck
{
    private const int Most = 1000;

    private static readonly MessageState[] s_underWay = [MessageState.Submitted, MessageState.Packaged, MessageState.Sending, MessageState.RetryWait, MessageState.AwaitingReceipt];

    public async Task<IReadOnlyList<AlertCondition>> CheckAsync(CancellationToken cancellationToken)
    {
        var (found, limits, waiting) = (new List<AlertCondition>(), live.Current.Settings.Alerts, await statistics.WaitingAsync(cancellationToken));
        foreach (var station in waiting.GroupBy(w => w.Local))
        {
            var (messages, oldest) = (station.Where(w => s_underWay.Contains(w.State)).Sum(w => w.Messages), station.Where(w => s_underWay.Contains(w.State)).Select(w => w.Oldest).DefaultIfEmpty(context.Now).Min());
            if (messages >= limits.BacklogMessages || context.Now - oldest > limits.BacklogAge)
                found.Add(Of(station.Key, ChecksContext.Backlog, $"{station.Key} has a backlog", $"{station.Key} has {messages} messages under way, the oldest since {oldest:u}. Look at the partners that fail on the dashboard."));
            if (station.FirstOrDefault(w => w.State == MessageState.Accepted) is { } accepted && context.Now - accepted.Oldest > limits.DeliveryAge)
                found.Add(Of(station.Key, ChecksContext.DeliveryFailing, $"Delivery for {station.Key} fails", $"{accepted.Messages} received messages wait for their route, the oldest since {accepted.Oldest:u}. Their pages say why; delivery goes on by itself when it is mended."));
        }
        await AddAsync(found, waiting.Any(w => w.State == MessageState.AwaitingReceipt), MessageState.AwaitingReceipt, OverdueAsync, cancellationToken);
        await AddAsync(found, waiting.Any(w => w.State == MessageState.Suspended), MessageState.Suspended, (pair, _) => ValueTask.FromResult<AlertCondition?>(Suspended(pair)), cancellationToken);
        foreach (var refused in await RefusedAsync(cancellationToken))
        {
            if (refused.Messages >= limits.RefusedPerHour)
                found.Add(Of(refused.Local, ChecksContext.Security, $"{refused.Messages} refused messages for {refused.Local}", $"{refused.Messages} messages that name {refused.Partner} were refused within the hour: a wrong certificate, or somebody else. The messages say which.") with { Key = $"{ChecksContext.Security}|refused|{refused.Local}|{refused.Partner}" });
        }
        return found;
    }

    private async Task AddAsync(List<AlertCondition> found, bool any, MessageState state, Func<IGrouping<(As2Identifier Local, As2Identifier Partner), MessageSummary>, CancellationToken, ValueTask<AlertCondition?>> judge, CancellationToken cancellationToken)
    {
        if (!any)
            return;
        var messages = await journal.ListAsync(new MessageQuery { State = state, Max = Most }, cancellationToken);
        foreach (var pair in messages.GroupBy(m => (m.Key.Local, m.Key.Partner)))
        {
            if (await judge(pair, cancellationToken) is { } condition)
                found.Add(condition with { Key = $"{condition.Kind}|{pair.Key.Local}|{pair.Key.Partner}" });
        }
    }

    private async ValueTask<AlertCondition?> OverdueAsync(IGrouping<(As2Identifier Local, As2Identifier Partner), MessageSummary> pair, CancellationToken cancellationToken)
    {
        var deadline = (await partnerships.FindAsync(pair.Key.Local, pair.Key.Partner, cancellationToken))?.Receipt.Deadline ?? new ReceiptAgreement().Deadline;
        var overdue = pair.Count(m => context.Now - m.Changed > deadline);
        return overdue == 0
            ? null
            : Of(pair.Key.Local, ChecksContext.ReceiptOverdue, $"{pair.Key.Partner} owes receipts", $"{pair.Key.Partner} took {overdue} messages and sent no receipt within {deadline}. They go again with the same Message-ID; ask the partner where its receipts go to.");
    }

    private AlertCondition Suspended(IGrouping<(As2Identifier Local, As2Identifier Partner), MessageSummary> pair) => Of(
        pair.Key.Local, ChecksContext.PartnerSuspended, $"{pair.Key.Partner} is suspended",
        $"{pair.Count()} messages to {pair.Key.Partner} wait for somebody to mend the cause: {pair.First().Diagnosis ?? "see the message"}. Then try one of them now.");

    private async Task<IReadOnlyList<MessageCount>> RefusedAsync(CancellationToken cancellationToken)
    {
        // Hours of the clock: this one, and the one before.
        var counts = await statistics.CountAsync(context.Now.AddHours(-1), context.Now.AddHours(1), CountPeriod.Hour, cancellationToken);
        return [.. counts.Where(c => c.State == MessageState.Refused).GroupBy(c => (c.Local, c.Partner)).Select(g => g.MaxBy(c => c.Messages)!)];
    }

    private AlertCondition Of(As2Identifier local, string kind, string subject, string text) => new($"{kind}|{local}", kind, subject, text) { Organisation = context.Organisations.Of(local) };
}
