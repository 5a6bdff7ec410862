using As2;
using ManagedGateway.Operations.Access;
using ManagedGateway.Operations.Audit;
using ManagedGateway.Operations.Store;

namespace ManagedGateway.Operations.Onboarding;

/// <summary>A link as it is listed; its word is shown once, and only its hash is kept.</summary>
public sealed record OnboardingLink(string Hash, string Local, string Partner, string Address, string Maker, DateTimeOffset Made, DateTimeOffset Expires, DateTimeOffset? Seen);

/// <summary>A link to be made.</summary>
/// <param name="Local">Our AS2 name.</param>
/// <param name="Partner">The partner's.</param>
/// <param name="Address">Our AS2 address as the partner reaches it.</param>
/// <param name="Days">How long it is good: 1 to 90. Default: 14.</param>
public sealed record NewOnboardingLink(string Local, string Partner, string Address, int Days = 14);

/// <summary>
/// Links to the page that one partner may see without an account: nothing secret is on it, the word in the address is 256 random bits, and it
/// ends. Thread-safe.
/// </summary>
internal sealed class OnboardingLinks(OperationsDatabase database, AuditLog audit, Organisations organisations, Configuration.LiveSettings live, TimeProvider clock)
{
    private const string Columns = "SELECT hash, local, partner, address, maker, made, expires, seen FROM onboarding ";

    /// <summary>Makes one.</summary>
    /// <returns>The word for the address <c>/onboarding/WORD</c>, the only time that anybody sees it.</returns>
    /// <exception cref="As2Exception">GW-ROLE-001; GW-CHANGE-003: no such partnership; GW-API-001: the address or the days will not do.</exception>
    public string Add(Caller caller, NewOnboardingLink link)
    {
        caller.Require(Role.PartnerAdmin);
        if (!organisations.Sees(caller, link.Local) || live.Current.Partnership(link.Local, link.Partner) is null)
            throw new As2Exception("GW-CHANGE-003", $"There is no partnership of '{link.Local}' with '{link.Partner}'.");
        if (!Uri.TryCreate(link.Address, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https") || address.UserInfo.Length > 0)
            throw new As2Exception("GW-API-001", "Our address as the partner reaches it is an absolute http or https address, such as https://as2.acme.example/as2.");
        if (link.Days is < 1 or > 90)
            throw new As2Exception("GW-API-001", "A link is good for 1 to 90 days.");
        var (word, now) = (Secret.New(), clock.GetUtcNow());
        database.Change(session =>
        {
            session.Execute(
                "INSERT INTO onboarding VALUES (@hash, @local, @partner, @address, @maker, @made, @expires, NULL)",
                ("@hash", Secret.Hash(word)), ("@local", link.Local), ("@partner", link.Partner), ("@address", address.AbsoluteUri), ("@maker", caller.Name),
                ("@made", now.ToUnixTimeMilliseconds()), ("@expires", now.AddDays(link.Days).ToUnixTimeMilliseconds()));
            return audit.Add(session, caller.Name, "onboarding.add", $"{link.Local} → {link.Partner}", $"{link.Days} days");
        });
        return word;
    }

    /// <summary>The links of the partnerships that the caller sees, newest first.</summary>
    public IReadOnlyList<OnboardingLink> List(Caller caller)
        => [.. database.Read(session => session.All(Columns + "ORDER BY made DESC", Read)).Where(l => organisations.Sees(caller, l.Local))];

    /// <summary>Takes one back.</summary>
    /// <exception cref="As2Exception">GW-ROLE-001; GW-CHANGE-003: there is no such link.</exception>
    public void Remove(Caller caller, string hash)
    {
        caller.Require(Role.PartnerAdmin);
        if (List(caller).FirstOrDefault(l => l.Hash == hash) is not { } link)
            throw new As2Exception("GW-CHANGE-003", "There is no such link.");
        database.Change(session =>
        {
            session.Execute("DELETE FROM onboarding WHERE hash = @hash", ("@hash", hash));
            return audit.Add(session, caller.Name, "onboarding.remove", $"{link.Local} → {link.Partner}", "");
        });
    }

    /// <summary>Whose page a word opens; null: it is unknown, out of date, or its partnership is gone. All look the same.</summary>
    public OnboardingLink? Find(string word)
    {
        if (word.Length is < 40 or > 50)
            return null;
        var (hash, now) = (Secret.Hash(word), clock.GetUtcNow().ToUnixTimeMilliseconds());
        var found = database.Read(session => session.One(Columns + "WHERE hash = @hash AND expires > @now", Read, ("@hash", hash), ("@now", now)));
        if (found is null || live.Current.Partnership(found.Local, found.Partner) is null)
            return null;
        if (found.Seen is null || found.Seen < clock.GetUtcNow().AddMinutes(-1))
            database.Change(session => session.Execute("UPDATE onboarding SET seen = @now WHERE hash = @hash", ("@hash", hash), ("@now", now)));
        return found;
    }

    private static OnboardingLink Read(System.Data.Common.DbDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(5)),
        DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(6)), row.IsDBNull(7) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(7)));
}
