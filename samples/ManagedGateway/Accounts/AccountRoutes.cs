using As2.Routes;
using ManagedGateway.Configuration;

namespace ManagedGateway.Accounts;

/// <summary>The routes <c>mailbox:ACCOUNT</c> of the accounts as they are now. Thread-safe.</summary>
internal sealed class AccountRoutes(LiveSettings live) : IPayloadDestinationLookup
{
    public IPayloadDestination? Find(string name)
        => live.Current.Settings.Accounts.Find(a => name == MailboxDestination.Prefix + a.Name) is { } account ? new MailboxDestination(account.Name, FileNamePattern.Parse(account.Naming)) : null;
}
