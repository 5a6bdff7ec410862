using As2;
using ManagedGateway.Operations.Audit;
using ManagedGateway.Operations.Store;

namespace ManagedGateway.Operations.Access;

/// <summary>A token as it is listed; its secret is shown once and kept nowhere.</summary>
internal sealed record ApiToken(long Number, string User, string Name, Role Role, string? Organisation, DateTimeOffset Expires, DateTimeOffset? Used);

/// <summary>What makes a token.</summary>
/// <param name="Name">For people.</param>
/// <param name="Role">At most the role of its owner.</param>
/// <param name="Organisation">At most what its owner sees; null: as its owner.</param>
/// <param name="Days">How long it is good: 1 to 366. Default: 90.</param>
internal sealed record NewToken(string Name, Role Role, string? Organisation = null, int Days = 90);

/// <summary>Tokens for programs: hashed, scoped, expiring. They rest while their owner is disabled. Thread-safe.</summary>
internal sealed class ApiTokens(OperationsDatabase database, AuditLog audit, TimeProvider clock)
{
    /// <summary>The start of each, so that scanners for leaked secrets know them.</summary>
    public const string Prefix = "as2gw_";

    private const string Columns = "SELECT t.number, u.name, t.name, t.role, t.organisation, t.expires, t.used FROM token t JOIN \"user\" u ON u.number = t.\"user\" ";

    /// <summary>The tokens of a user, or of all.</summary>
    public IReadOnlyList<ApiToken> List(long? user) => database.Read(session => session.All(
        Columns + "WHERE CAST(@user AS bigint) IS NULL OR t.\"user\" = @user ORDER BY t.number",
        row => new ApiToken(
            row.GetInt64(0), row.GetString(1), row.GetString(2), Enum.Parse<Role>(row.GetString(3)), row.IsDBNull(4) ? null : row.GetString(4),
            DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(5)), row.IsDBNull(6) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(6))),
        ("@user", user)));

    /// <summary>Makes one for the caller.</summary>
    /// <returns>Its number and its secret, the only time that anybody sees it.</returns>
    /// <exception cref="As2Exception">GW-TOKEN-001: it would allow more than the caller may, or for ever.</exception>
    public (long Number, string Secret) Add(Caller caller, NewToken token)
    {
        if (caller.Session is null)
            throw new As2Exception("GW-TOKEN-001", "A token makes no tokens: sign in with the browser.");
        if (token.Name.Length is 0 or > 64 || token.Days is < 1 or > 366)
            throw new As2Exception("GW-TOKEN-001", "A token needs a name of 1 to 64 characters and 1 to 366 days.");
        if (token.Role > caller.Role || (caller.Organisation is not null && token.Organisation is not null && token.Organisation != caller.Organisation))
            throw new As2Exception("GW-TOKEN-001", "A token allows at most what its owner may: choose a smaller role, or your own organisation.");
        var (secret, now) = (Prefix + Secret.New(), clock.GetUtcNow());
        var organisation = token.Organisation ?? caller.Organisation;
        var number = database.Change(session =>
        {
            var row = session.One(
                "INSERT INTO token (hash, \"user\", name, role, organisation, created, expires) VALUES (@hash, @user, @name, @role, @organisation, @created, @expires) RETURNING number",
                made => made.GetInt64(0), ("@hash", Secret.Hash(secret)), ("@user", caller.User), ("@name", token.Name), ("@role", token.Role.ToString()), ("@organisation", organisation),
                ("@created", now.ToUnixTimeMilliseconds()), ("@expires", now.AddDays(token.Days).ToUnixTimeMilliseconds()));
            audit.Add(session, caller.Name, "token.create", token.Name, $"role {token.Role}, organisation {organisation ?? "all"}, {token.Days} days");
            return row;
        });
        return (number, secret);
    }

    /// <summary>Takes one back.</summary>
    /// <returns>False: the caller has none of this number.</returns>
    public bool Remove(Caller caller, long number) => database.Change(session =>
    {
        var removed = session.Execute(
            "DELETE FROM token WHERE number = @number AND (\"user\" = @user OR @all)",
            ("@number", number), ("@user", caller.User), ("@all", caller.Role == Role.SecurityAdmin)) > 0;
        if (removed)
            audit.Add(session, caller.Name, "token.remove", $"{number}", "");
        return removed;
    });

    /// <summary>Who shows this token, or null. Never more than its owner may today.</summary>
    public Caller? Find(string secret)
    {
        var (hash, now) = (Secret.Hash(secret), clock.GetUtcNow().ToUnixTimeMilliseconds());
        var (caller, used) = database.Read(session => session.One(
            """
            SELECT u.number, u.name || '/' || t.name, t.role, u.role, t.organisation, u.organisation, t.used
            FROM token t JOIN "user" u ON u.number = t."user" WHERE t.hash = @hash AND t.expires > @now AND u.disabled = 0
            """,
            row => (Limit(
                    new Caller(row.GetInt64(0), row.GetString(1), Enum.Parse<Role>(row.GetString(2)), row.IsDBNull(4) ? null : row.GetString(4)),
                    Enum.Parse<Role>(row.GetString(3)), row.IsDBNull(5) ? null : row.GetString(5)), row.IsDBNull(6) ? 0 : row.GetInt64(6)),
            ("@hash", hash), ("@now", now)));
        if (caller is not null && used < now - 60_000)
            database.Change(session => session.Execute("UPDATE token SET used = @now WHERE hash = @hash", ("@hash", hash), ("@now", now)));
        return caller;
    }

    // The owner may have been narrowed since.
    private static Caller? Limit(Caller token, Role role, string? organisation)
        => organisation is not null && token.Organisation != organisation ? null : token with { Role = token.Role < role ? token.Role : role };
}
