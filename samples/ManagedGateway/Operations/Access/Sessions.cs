using ManagedGateway.Operations.Store;

namespace ManagedGateway.Operations.Access;

/// <summary>Who is signed in with a browser. The cookie is a random word; role and organisation are read anew at each request. Thread-safe.</summary>
internal sealed class Sessions(OperationsDatabase database, TimeProvider clock)
{
    /// <summary>A session ends after this long without a request.</summary>
    public static readonly TimeSpan Idle = TimeSpan.FromMinutes(30);

    /// <summary>A session ends after this long in any case.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(12);

    private static readonly TimeSpan s_step = TimeSpan.FromMinutes(1);

    /// <summary>Starts one; what came before in the browser is not used.</summary>
    /// <returns>The word for the cookie.</returns>
    public string Start(Caller caller)
    {
        var (word, now) = (Secret.New(), clock.GetUtcNow());
        database.Change(session =>
        {
            session.Execute("DELETE FROM session WHERE expires < @now OR seen < @idle", ("@now", now.ToUnixTimeMilliseconds()), ("@idle", (now - Idle).ToUnixTimeMilliseconds()));
            return session.Execute(
                "INSERT INTO session VALUES (@hash, @user, @now, @expires)",
                ("@hash", Secret.Hash(word)), ("@user", caller.User), ("@now", now.ToUnixTimeMilliseconds()), ("@expires", (now + Longest).ToUnixTimeMilliseconds()));
        });
        return word;
    }

    /// <summary>Whose session this is, or null.</summary>
    public Caller? Find(string word) => FindByHash(Secret.Hash(word), isRequest: true);

    /// <summary>Whether a session still stands, without making it younger.</summary>
    public Caller? FindByHash(string hash, bool isRequest = false)
    {
        var now = clock.GetUtcNow();
        var (caller, seen) = database.Read(session => session.One(
            """
            SELECT u.number, u.name, u.role, u.organisation, s.seen FROM session s JOIN "user" u ON u.number = s."user"
            WHERE s.hash = @hash AND s.expires > @now AND s.seen > @idle AND u.disabled = 0
            """,
            row => (new Caller(row.GetInt64(0), row.GetString(1), Enum.Parse<Role>(row.GetString(2)), row.IsDBNull(3) ? null : row.GetString(3)) { Session = hash }, row.GetInt64(4)),
            ("@hash", hash), ("@now", now.ToUnixTimeMilliseconds()), ("@idle", (now - Idle).ToUnixTimeMilliseconds())));
        if (caller is not null && isRequest && seen < (now - s_step).ToUnixTimeMilliseconds())
            database.Change(session => session.Execute("UPDATE session SET seen = @now WHERE hash = @hash", ("@hash", hash), ("@now", now.ToUnixTimeMilliseconds())));
        return caller;
    }

    /// <summary>Ends one.</summary>
    public void End(string hash) => database.Change(session => session.Execute("DELETE FROM session WHERE hash = @hash", ("@hash", hash)));
}
