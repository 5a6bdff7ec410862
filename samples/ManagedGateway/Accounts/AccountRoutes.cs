using System.Collections.Concurrent;
using As2;
using As2.Routes;
using ManagedGateway.Configuration;

namespace ManagedGateway.Accounts;

/// <summary>The routes <c>mailbox:ACCOUNT</c> of the accounts as they are now. Thread-safe.</summary>
internal sealed class AccountRoutes(LiveSettings live) : IPayloadDestinationLookup
{
    private volatile Known? _known;

    public IPayloadDestination? Find(string name)
    {
        var (settings, known) = (live.Current, _known);
        if (known is null || !ReferenceEquals(known.Settings, settings))
            _known = known = new Known(settings, new(StringComparer.Ordinal));
        return known.Routes.GetOrAdd(name, static (route, settings) => Find(route, settings), settings);
    }

    /// <summary>The inbox of an account.</summary>
    /// <exception cref="As2Exception">AS2-ROUTE-001: its files cannot be named so.</exception>
    public static MailboxDestination Of(AccountSettings account) => new(account.Name, FileNamePattern.Parse(account.Naming));

    private static MailboxDestination? Find(string name, MergedSettings settings)
        => settings.Settings.Accounts.Find(a => name == MailboxDestination.Prefix + a.Name) is { } account ? Of(account) : null;

    /// <summary>The routes asked for since these settings are in force: partnerships name them, so they are few.</summary>
    private sealed record Known(MergedSettings Settings, ConcurrentDictionary<string, MailboxDestination?> Routes);
}
