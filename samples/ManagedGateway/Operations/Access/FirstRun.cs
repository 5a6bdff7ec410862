using System.Security.Cryptography;
using System.Text;
using As2;

namespace ManagedGateway.Operations.Access;

/// <summary>
/// The way in while nobody has one: a link that the process prints at start, good once and for an hour, makes the first administrator.
/// It is nowhere but in memory; a new start prints a new one. Thread-safe.
/// </summary>
internal sealed class FirstRun(Users users, TimeProvider clock)
{
    /// <summary>How long the link is good.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    private readonly Lock _gate = new();
    private string? _hash;
    private DateTimeOffset _expires;

    /// <summary>The path of a new link, or null when there is an administrator.</summary>
    public string? Open()
    {
        if (users.Any())
            return null;
        var word = Secret.New();
        lock (_gate)
            (_hash, _expires) = (Secret.Hash(word), clock.GetUtcNow() + Lifetime);
        return $"/setup?link={word}";
    }

    /// <summary>Whether a link would be taken.</summary>
    public bool IsGood(string word)
    {
        lock (_gate)
            return _hash is not null && clock.GetUtcNow() < _expires
                && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(_hash), Encoding.ASCII.GetBytes(Secret.Hash(word)));
    }

    /// <summary>Makes the first administrator and closes the way.</summary>
    /// <exception cref="As2Exception">GW-USER-003: the link is not good (any more); GW-USER-001: name or password will not do, and the link stays good.</exception>
    public Caller Use(string word, string name, string password)
    {
        if (!IsGood(word))
            throw new As2Exception("GW-USER-003", "This link is used or out of date: start the gateway again, it prints a new one.");
        var user = users.Add("first run", new NewUser(name, password, Role.SecurityAdmin), onlyFirst: true);
        lock (_gate)
            _hash = null;
        return new Caller(user.Number, user.Name, user.Role, user.Organisation);
    }
}
