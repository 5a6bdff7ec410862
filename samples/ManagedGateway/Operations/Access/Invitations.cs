using As2;
using ManagedGateway.Operations.Audit;
using ManagedGateway.Operations.Store;

namespace ManagedGateway.Operations.Access;

/// <summary>
/// Links by which users choose their passwords, so that no administrator knows one: 256 random bits, good once and for some days; only their
/// hash is kept. Thread-safe.
/// </summary>
internal sealed class Invitations(OperationsDatabase database, Users users, AuditLog audit, TimeProvider clock)
{
    /// <summary>How long a link is good.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(3);

    /// <summary>Makes a link; an older one of this user, the password and the sessions end.</summary>
    /// <returns>Its path.</returns>
    /// <exception cref="As2Exception">GW-USER-004: there is no such user.</exception>
    public string Open(string actor, long number)
    {
        var word = Secret.New();
        users.SetPassword(actor, number, Secret.New());
        database.Change(session =>
        {
            session.Execute("DELETE FROM invitation WHERE expires <= @now", ("@now", Now));
            session.Execute(
                "INSERT INTO invitation VALUES (@hash, @user, @expires)",
                ("@hash", Secret.Hash(word)), ("@user", number), ("@expires", Now + (long)Lifetime.TotalMilliseconds));
            var name = session.One("SELECT name FROM \"user\" WHERE number = @number", row => row.GetString(0), ("@number", number))!;
            return audit.Add(session, actor, "user.invite", name, $"{Lifetime.TotalDays} days");
        });
        return $"/welcome?link={word}";
    }

    /// <summary>Whose link this is; null: it is used, out of date, or its user is disabled. All look the same.</summary>
    public string? Find(string word) => database.Read(session => session.One(
        "SELECT u.name FROM invitation i JOIN \"user\" u ON u.number = i.\"user\" WHERE i.hash = @hash AND i.expires > @now AND u.disabled = 0",
        row => row.GetString(0), ("@hash", Secret.Hash(word)), ("@now", Now)));

    /// <summary>Takes the password that somebody chose, and the link with it.</summary>
    /// <exception cref="As2Exception">GW-USER-003: the link is not good (any more); GW-USER-001: the password will not do, and the link stays good.</exception>
    public Caller Use(string word, string password)
    {
        Users.CheckPassword(password);
        var name = Find(word) ?? throw Spent();
        var number = database.Change(session => session.One<long?>(
            "DELETE FROM invitation WHERE hash = @hash AND expires > @now RETURNING \"user\"", row => row.GetInt64(0), ("@hash", Secret.Hash(word)), ("@now", Now))) ?? throw Spent();
        users.SetPassword(name, number, password);
        return users.SignIn(name, password) ?? throw Spent();
    }

    private long Now => clock.GetUtcNow().ToUnixTimeMilliseconds();

    private static As2Exception Spent() => new("GW-USER-003", "This link is used or out of date: ask a security administrator for a new one.");
}
