using As2;
using As2.Routes;
using ManagedGateway.Configuration;

namespace ManagedGateway.Accounts;

/// <summary>The routes <c>mailbox:ACCOUNT</c> of the accounts as they are now. Thread-safe.</summary>
internal sealed class AccountRoutes(LiveSettings live) : IPayloadDestinationLookup
{
    public IPayloadDestination? Find(string name)
    {
        if (!name.StartsWith(MailboxDestination.Prefix, StringComparison.Ordinal))
            return null;
        var wanted = name[MailboxDestination.Prefix.Length..];
        return live.Current.Settings.Accounts.Find(a => a.Name == wanted) is { } account ? Of(account) : null;
    }

    /// <summary>The inbox of an account.</summary>
    /// <exception cref="As2Exception">AS2-ROUTE-001: its files cannot be named so.</exception>
    public static MailboxDestination Of(AccountSettings account) => new(account.Name, FileNamePattern.Parse(account.Naming));
}
