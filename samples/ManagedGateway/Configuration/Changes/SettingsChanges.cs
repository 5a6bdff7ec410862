using As2;
using As2.Agreements;
using As2.AspNetCore;
using ManagedGateway.Operations.Access;

namespace ManagedGateway.Configuration.Changes;

/// <summary>A change that somebody wants.</summary>
/// <param name="Action">For the audit log, such as <c>partnership.put</c>.</param>
/// <param name="Subject">To what.</param>
/// <param name="Edit">Changes the draft; may be called again when another node was first.</param>
internal sealed record WantedChange(string Action, string Subject, Action<Draft> Edit)
{
    /// <summary>Only looks what it would do.</summary>
    public bool DryRun { get; init; }

    /// <summary>The caller may name addresses of private networks.</summary>
    public bool AllowsPrivateAddresses { get; init; }
}

/// <summary>What became of a change.</summary>
/// <param name="Faults">Why it was refused, everything at once; empty: it is in force.</param>
/// <param name="Warnings">What works, but somebody should look.</param>
/// <param name="Differences">What changed, or would.</param>
public sealed record ChangeResult(IReadOnlyList<PartnershipFault> Faults, IReadOnlyList<PartnershipFault> Warnings, IReadOnlyList<EntryDifference> Differences)
{
    /// <summary>Nothing is wrong.</summary>
    public bool IsDone => Faults.Count == 0;
}

/// <summary>
/// The one way in which the saved configuration changes: checked whole by the engine's validators and the gateway's rules, saved with its
/// audit line in one transaction, and in force when this returns. Thread-safe.
/// </summary>
internal sealed class SettingsChanges(IManagedStore store, LiveSettings live, As2Settings engine, ChangeRules rules)
{
    private const int Attempts = 5;

    private readonly Lock _gate = new();

    /// <summary>Raised after a change is in force.</summary>
    public event Action? Changed;

    /// <summary>Applies a change.</summary>
    /// <exception cref="As2Exception">GW-ROLE-001: the role is too small; GW-CHANGE-002 to -006: what the edit threw, or others change too much at once.</exception>
    public ChangeResult Apply(Caller caller, WantedChange change)
    {
        caller.Require(Role.PartnerAdmin);
        ChangeResult result;
        lock (_gate)
            result = ApplyLocked(caller, change);
        if (result is { IsDone: true, Differences.Count: > 0 } && !change.DryRun)
            Changed?.Invoke();
        return result;
    }

    private ChangeResult ApplyLocked(Caller caller, WantedChange change)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var state = store.Read();
            var draft = new Draft(state, live.With(state));
            change.Edit(draft);
            draft.Sweep();
            var differences = draft.Differences;
            var candidate = live.With(draft.Result);
            var faults = Check(candidate, draft, change);
            var result = new ChangeResult(
                [.. faults.Where(f => !f.IsWarning)], [.. faults.Where(f => f.IsWarning)], [.. differences.SelectMany(d => EntryDifference.Of(d.Name, d.Before, d.After))]);
            if (!result.IsDone || differences.Count == 0 || change.DryRun)
                return result;
            var commit = new ManagedCommit(
                state.Version, [.. differences.Where(d => d.After is not null).Select(d => new ManagedEntry(d.Name, d.After!))],
                [.. differences.Where(d => d.After is null).Select(d => d.Name)])
            {
                Audit = (caller.Name, change.Action, change.Subject, string.Join("; ", result.Differences)),
            };
            if (!store.Commit(commit))
                continue;
            engine.Reload();
            return result;
        }
        throw new As2Exception("GW-CHANGE-006", "Others change the configuration at this moment: try again.");
    }

    /// <summary>Faults by the names of their entries: what is wrong elsewhere, also in the file, refuses too, but only what changed is warned of.</summary>
    private List<PartnershipFault> Check(MergedSettings candidate, Draft draft, WantedChange change)
    {
        var changed = draft.Differences.Select(d => d.Name).ToHashSet();
        var partnerships = candidate.Partnerships;
        var found = new List<PartnershipFault>(rules.Check(candidate, draft, change));
        foreach (var fault in engine.Check(candidate.ToSource()))
        {
            var (entry, setting) = FaultPath.Split(fault.Setting, partnerships);
            if (!fault.IsWarning || (entry is { } name && changed.Contains(name)))
                found.Add(fault with { Setting = entry is { } known && changed.Contains(known) ? setting : fault.Setting });
        }
        return found;
    }
}
