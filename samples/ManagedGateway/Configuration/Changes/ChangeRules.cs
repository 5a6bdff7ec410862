using System.Text.RegularExpressions;
using As2.Agreements;
using As2.Routes;

namespace ManagedGateway.Configuration.Changes;

/// <summary>What the gateway itself demands of its configuration, beside the engine's validators. Looks only at what a change touches.</summary>
internal sealed partial class ChangeRules(GatewaySettings settings)
{
    /// <summary>Every fault at once.</summary>
    public IEnumerable<PartnershipFault> Check(MergedSettings candidate, Draft draft, WantedChange change)
    {
        var twice = candidate.Settings.Organisations.SelectMany(o => o.Value).GroupBy(s => s, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1);
        if (twice is not null)
            yield return new("GW-CONFIG-002", "Stations", $"The station '{twice.Key}' would be in two organisations: take it out of one.");
        foreach (var (name, _, after) in draft.Differences.Where(d => d.After is not null))
        {
            var faults = name.Kind switch
            {
                EntryKind.Organisation => Organisation(name.Key),
                EntryKind.Account => Account(candidate, name.Key),
                EntryKind.Partnership => Partnership(candidate, name, change),
                EntryKind.Webhook => Webhook(candidate, name.Key, change),
                EntryKind.Addresses => AddressRules.Check(candidate.Settings.Addresses),
                EntryKind.Alerts => NoticeRules.Check(candidate.Settings.Alerts),
                _ => [],
            };
            foreach (var fault in faults)
                yield return fault;
        }
        foreach (var account in candidate.Settings.Accounts.Where(a => draft.Differences.Any(d => d.After is null && d.Name == EntryName.Of(a.Local, a.Partner))))
            yield return new("GW-CONFIG-004", "Partner", $"The account '{account.Name}' belongs to this partnership: remove it first.");
        foreach (var removed in draft.Differences.Where(d => d.After is null && d.Name.Kind == EntryKind.Account))
        {
            foreach (var user in candidate.Partnerships.Where(p => RoutesOf(candidate, p).Contains(MailboxDestination.Prefix + removed.Name.Key)))
                yield return new("GW-CONFIG-003", "Routes", $"The {user} delivers to '{removed.Name.Key}': give it another route first.");
        }
    }

    private static IEnumerable<PartnershipFault> Organisation(string name)
    {
        if (!OrganisationName().IsMatch(name) || name == Operations.Organisations.Default)
            yield return new("GW-CONFIG-005", "Name", $"An organisation's name has 1 to 64 letters, digits, blanks, or one of . _ & ' - and is not '{Operations.Organisations.Default}'.");
    }

    private static IEnumerable<PartnershipFault> Account(MergedSettings candidate, string name)
    {
        var account = candidate.Settings.Accounts.First(a => a.Name == name);
        if (!AccountName().IsMatch(name))
            yield return new("GW-CONFIG-005", "Name", "An account's name has 1 to 64 of a-z, A-Z, 0-9, . _ - and begins with a letter or digit.");
        if (candidate.Partnership(account.Local, account.Partner) is null)
            yield return new("GW-CONFIG-004", "Partner", $"There is no partnership of '{account.Local}' with '{account.Partner}': add it first.");
        if (account.MaxFiles < 1 || account.MaxBytes < 1)
            yield return new("GW-CONFIG-005", "MaxFiles", "A quota of nothing lets nothing in: disable the account, or give it at least 1.");
    }

    private IEnumerable<PartnershipFault> Webhook(MergedSettings candidate, string name, WantedChange change)
    {
        var faults = NoticeRules.Check(candidate.Settings.Webhooks.First(h => h.Name == name), change.AllowsPrivateAddresses, settings.Console?.Port);
        return AccountName().IsMatch(name) ? faults : faults.Prepend(new("GW-CONFIG-005", "Name", "A webhook's name has 1 to 64 of a-z, A-Z, 0-9, . _ - and begins with a letter or digit."));
    }

    private IEnumerable<PartnershipFault> Partnership(MergedSettings candidate, EntryName name, WantedChange change)
    {
        foreach (var route in RoutesOf(candidate, name).Where(r => !IsKnown(candidate, r)))
            yield return new("GW-CONFIG-003", "Routes", $"There is no route '{route}': write mailbox: and the name of an FTP account, or outside: and that of an outside folder.");
        var entry = candidate.Partnership(name.Key.Split('\t')[0], name.Key.Split('\t')[1])!;
        var wantsPrivate = bool.TryParse(entry["AllowPrivateAddresses"]?.ToString(), out var flag) && flag;
        if (wantsPrivate && !change.AllowsPrivateAddresses)
            yield return new("GW-CONFIG-006", "AllowPrivateAddresses", "Only somebody of the whole gateway may lead messages into private networks.");
        foreach (var setting in (string[])["Endpoint", "Proxy"])
        {
            if (Uri.TryCreate(entry[setting]?.ToString(), UriKind.Absolute, out var address) && TypedAddress.Refusal(address, wantsPrivate, settings.Console?.Port) is { } reason)
                yield return new("GW-CONFIG-006", setting, reason);
        }
    }

    private static string[] RoutesOf(MergedSettings candidate, EntryName name)
    {
        var names = name.Key.Split('\t');
        return candidate.Partnership(names[0], names[1])?["Routes"] switch
        {
            System.Text.Json.Nodes.JsonArray list => [.. list.Select(r => r?.ToString() ?? "")],
            { } text => text.ToString().Split([',', ';'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
            null => [],
        };
    }

    private static bool IsKnown(MergedSettings candidate, string route)
        => candidate.Settings.Accounts.Any(a => route == MailboxDestination.Prefix + a.Name) || candidate.Settings.Outside.Any(o => route == OutsideRoute.Prefix + o.Name);

    [GeneratedRegex(@"^[\p{L}\p{Nd}][\p{L}\p{Nd} ._&'-]{0,63}\z")]
    private static partial Regex OrganisationName();

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}\z")]
    private static partial Regex AccountName();
}
