using As2;
using ManagedGateway.Configuration.Changes;
using ManagedGateway.Operations.Access;

namespace ManagedGateway.Console.Parts;

/// <summary>A page that changes the configuration: every fault is told beside the button, every warning as it passes.</summary>
public abstract class ChangePage : ConsolePage
{
    /// <summary>Changes something as a partner administrator, and tells of it.</summary>
    private protected Task ChangeAsync(Func<Caller, ChangeResult> change, string done) => ActAsync(Role.PartnerAdmin, (caller, _) =>
    {
        Check(change(caller));
        Say(done);
        return Task.CompletedTask;
    });

    /// <summary>Throws what is wrong, shows what is doubtful.</summary>
    /// <exception cref="As2Exception">GW-CHANGE-001.</exception>
    private protected void Check(ChangeResult result)
    {
        if (!result.IsDone)
            throw new As2Exception("GW-CHANGE-001", string.Join(" ", result.Faults.Select(f => $"{f.Setting}: {f.Text}")));
        foreach (var warning in result.Warnings)
            Warn($"{warning.Setting}: {warning.Text}");
    }
}
