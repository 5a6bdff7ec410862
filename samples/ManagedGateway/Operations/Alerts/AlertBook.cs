using System.Data.Common;
using As2;
using ManagedGateway.Operations.Access;
using ManagedGateway.Operations.Audit;
using ManagedGateway.Operations.Notices;
using ManagedGateway.Operations.Store;

namespace ManagedGateway.Operations.Alerts;

/// <summary>The alerts, open and resolved. What is told of them is put into the outbox in the same transaction, so that each is told once. Thread-safe.</summary>
internal sealed class AlertBook(OperationsDatabase database, Turns turns, Outbox outbox, AuditLog audit, TimeProvider clock)
{
    /// <summary>Alerts that no check finds again: a person resolves them.</summary>
    public const string MessageKind = "Message";

    private const string Turn = "alerts", NodePrefix = "node|";

    // A little less than from one look to the next.
    private static readonly TimeSpan s_turn = TimeSpan.FromSeconds(55);

    private const string Columns = "SELECT number, kind, level, organisation, subject, text, raised, resolved FROM alert ";

    /// <summary>Alerts of the organisations that the caller sees, newest first.</summary>
    /// <param name="caller">Who.</param>
    /// <param name="openOnly">Without those that are resolved.</param>
    /// <param name="before">Only those before this number; null from the newest.</param>
    /// <param name="max">At most this many.</param>
    public IReadOnlyList<Alert> List(Caller caller, bool openOnly, long? before, int max) => database.Read(session => session.All(
        Columns + "WHERE number < @before AND (@all OR organisation = @organisation) AND (NOT @open OR resolved IS NULL) ORDER BY number DESC LIMIT @max", Read,
        ("@before", before ?? long.MaxValue), ("@all", caller.Organisation is null), ("@organisation", caller.Organisation), ("@open", openOnly), ("@max", max)));

    /// <summary>Takes the turn to look at what all nodes share.</summary>
    /// <param name="always">Also from a node that has it.</param>
    /// <returns>The fence for <see cref="Reconcile(long, IReadOnlyList{AlertCondition})"/>; null: another node looks.</returns>
    public long? TakeTurn(bool always) => always ? turns.Seize(Turn, s_turn) : turns.Take(Turn, s_turn);

    /// <summary>Compares what holds for all nodes with what is open: raises, tells of steps down, resolves. Nothing once the turn is another node's.</summary>
    public void Reconcile(long turn, IReadOnlyList<AlertCondition> holding) => database.Change(session =>
    {
        if (Turns.Holds(session, Turn, turn))
            Reconcile(session, key => !key.StartsWith(NodePrefix, StringComparison.Ordinal), holding);
        return 0;
    });

    /// <summary>The same with what holds for one node.</summary>
    public void Reconcile(string node, IReadOnlyList<AlertCondition> holding)
    {
        var prefix = $"{NodePrefix}{node}|";
        database.Change(session =>
        {
            Reconcile(session, key => key.StartsWith(prefix, StringComparison.Ordinal), [.. holding.Select(c => c with { Key = prefix + c.Key })]);
            return 0;
        });
    }

    private void Reconcile(OperationsSession session, Func<string, bool> isLookedAt, IReadOnlyList<AlertCondition> holding)
    {
        var open = session.All("SELECT number, key, kind, level FROM alert WHERE resolved IS NULL", row => (Number: row.GetInt64(0), Key: row.GetString(1), Kind: row.GetString(2), Level: row.GetInt32(3)))
            .Where(a => ChecksContext.Checked.Contains(a.Kind) && isLookedAt(a.Key)).ToDictionary(a => a.Key);
        foreach (var condition in holding.DistinctBy(c => c.Key))
        {
            if (!open.Remove(condition.Key, out var known))
                Raise(session, condition);
            else if (condition.Level != known.Level)
                Step(session, known.Number, condition, isWorse: condition.Level < known.Level);
        }
        foreach (var (number, _, _, _) in open.Values)
            Resolve(session, number);
    }

    /// <summary>Raises one that is open until a person resolves it, in a transaction of the caller's.</summary>
    public void Raise(OperationsSession session, AlertCondition condition)
    {
        var added = session.One(
            "INSERT INTO alert (key, kind, level, organisation, subject, text, raised) VALUES (@key, @kind, @level, @organisation, @subject, @text, @now) ON CONFLICT DO NOTHING RETURNING number",
            row => row.GetInt64(0), ("@key", condition.Key), ("@kind", condition.Kind), ("@level", condition.Level), ("@organisation", condition.Organisation), ("@subject", condition.Subject),
            ("@text", condition.Text), ("@now", Now));
        if (added > 0)
            Tell(session, added, "raised");
    }

    /// <summary>Resolves one by hand.</summary>
    /// <exception cref="As2Exception">GW-ALERT-001: there is none open of this number, or a check would raise it again.</exception>
    public void Resolve(Caller caller, long number) => database.Change(session =>
    {
        var alert = session.One(Columns + "WHERE number = @number AND resolved IS NULL AND (@all OR organisation = @organisation)", Read,
            ("@number", number), ("@all", caller.Organisation is null), ("@organisation", caller.Organisation));
        if (alert is null)
            throw new As2Exception("GW-ALERT-001", $"There is no open alert {number}.");
        if (alert.Kind != MessageKind)
            throw new As2Exception("GW-ALERT-001", $"Alert {number} resolves by itself when its cause is gone: {alert.Text}");
        Resolve(session, number);
        return audit.Add(session, caller.Name, "alert.resolve", $"{number}", alert.Subject);
    });

    private void Step(OperationsSession session, long number, AlertCondition condition, bool isWorse)
    {
        session.Execute("UPDATE alert SET level = @level, text = @text WHERE number = @number", ("@number", number), ("@level", condition.Level), ("@text", condition.Text));
        if (isWorse)
            Tell(session, number, "raised");
    }

    private void Resolve(OperationsSession session, long number)
    {
        session.Execute("UPDATE alert SET resolved = @now WHERE number = @number", ("@number", number), ("@now", Now));
        Tell(session, number, "resolved");
    }

    private void Tell(OperationsSession session, long number, string what)
        => outbox.Tell(session, what, session.One(Columns + "WHERE number = @number", Read, ("@number", number))!);

    private long Now => clock.GetUtcNow().ToUnixTimeMilliseconds();

    private static Alert Read(DbDataReader row) => new(
        row.GetInt64(0), row.GetString(1), row.GetInt32(2), row.IsDBNull(3) ? null : row.GetString(3), row.GetString(4), row.GetString(5),
        DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(6)), row.IsDBNull(7) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(7)));
}
