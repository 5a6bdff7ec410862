using As2;
using ManagedGateway.Operations.Store;

namespace ManagedGateway.Operations.Access;

/// <summary>
/// The way in while nobody has one: a link that the process prints at start, good once and for an hour, makes the first administrator.
/// Only its hash is kept, for every node; a new start prints a new one. Thread-safe.
/// </summary>
internal sealed class FirstRun(Users users, OperationsDatabase database, TimeProvider clock)
{
    /// <summary>How long the link is good.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    /// <summary>The path of a new link, or null when there is an administrator.</summary>
    public string? Open()
    {
        if (users.Any())
            return null;
        var word = Secret.New();
        database.Change(session =>
        {
            session.Execute("DELETE FROM setup WHERE expires <= @now", ("@now", Now));
            return session.Execute("INSERT INTO setup VALUES (@hash, @expires)", ("@hash", Secret.Hash(word)), ("@expires", Now + (long)Lifetime.TotalMilliseconds));
        });
        return $"/setup?link={word}";
    }

    /// <summary>Whether a link would be taken.</summary>
    public bool IsGood(string word) => database.Read(session => session.One(
        "SELECT 1 FROM setup WHERE hash = @hash AND expires > @now", _ => true, ("@hash", Secret.Hash(word)), ("@now", Now)));

    /// <summary>Makes the first administrator and closes the way.</summary>
    /// <exception cref="As2Exception">GW-USER-003: the link is not good (any more); GW-USER-001: name or password will not do, and the link stays good.</exception>
    public Caller Use(string word, string name, string password)
    {
        if (!IsGood(word))
            throw new As2Exception("GW-USER-003", "This link is used or out of date: start the gateway again, it prints a new one.");
        var user = users.Add("first run", new NewUser(name, password, Role.SecurityAdmin), onlyFirst: true);
        database.Change(session => session.Execute("DELETE FROM setup"));
        return new Caller(user.Number, user.Name, user.Role, user.Organisation);
    }

    private long Now => clock.GetUtcNow().ToUnixTimeMilliseconds();
}
