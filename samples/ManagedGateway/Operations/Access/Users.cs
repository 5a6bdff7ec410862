using System.Data.Common;
using System.Text.RegularExpressions;
using As2;
using As2.Ftp.Server.Accounts;
using ManagedGateway.Operations.Audit;
using ManagedGateway.Operations.Store;

namespace ManagedGateway.Operations.Access;

/// <summary>A user as others see it.</summary>
internal sealed record User(long Number, string Name, Role Role, string? Organisation, DateTimeOffset Created, bool Disabled, DateTimeOffset? LockedUntil);

/// <summary>What makes a user.</summary>
/// <param name="Name">1 to 64 letters, digits, or <c>. _ - @</c>.</param>
/// <param name="Password">12 to 256 characters; null: they choose one themselves, by a link.</param>
/// <param name="Role">What is allowed.</param>
/// <param name="Organisation">The only organisation that is seen; null: all.</param>
internal sealed record NewUser(string Name, string? Password, Role Role, string? Organisation = null);

/// <summary>What is changed of a user.</summary>
/// <param name="Role">What is allowed from now on.</param>
/// <param name="Organisation">The only organisation that is seen from now on; null: all.</param>
internal sealed record UserChange(Role Role, string? Organisation = null);

/// <summary>The people who operate the gateway. Thread-safe.</summary>
internal sealed partial class Users(OperationsDatabase database, AuditLog audit, TimeProvider clock)
{
    /// <summary>Failures in a row that lock a user, and for how long.</summary>
    public const int MaxFailures = 5;

    /// <inheritdoc cref="MaxFailures"/>
    public static readonly TimeSpan LockTime = TimeSpan.FromMinutes(5);

    private const string Columns = "SELECT number, name, role, organisation, created, disabled, locked_until FROM \"user\" ";

    /// <summary>False before the first administrator was made.</summary>
    public bool Any() => database.Read(session => session.One("SELECT 1 FROM \"user\" LIMIT 1", _ => true));

    /// <summary>Everybody, by name.</summary>
    public IReadOnlyList<User> List() => database.Read(session => session.All(Columns + "ORDER BY name", Read));

    /// <summary>Adds a user.</summary>
    /// <param name="actor">Who does it.</param>
    /// <param name="user">The new one.</param>
    /// <param name="onlyFirst">Refuse unless there is none yet.</param>
    /// <exception cref="As2Exception">GW-USER-001 to -003.</exception>
    public User Add(string actor, NewUser user, bool onlyFirst = false)
    {
        Check(user);
        // Without one nobody knows any: there is a password all the same, so that both look alike.
        var hash = FtpPassword.Hash(user.Password ?? Secret.New());
        return database.Change(session =>
        {
            if (onlyFirst && session.One("SELECT 1 FROM \"user\" LIMIT 1", _ => true))
                throw new As2Exception("GW-USER-003", "There is a first administrator already: sign in, or ask them.");
            if (session.One("SELECT 1 FROM \"user\" WHERE lower(name) = lower(@name)", _ => true, ("@name", user.Name)))
                throw new As2Exception("GW-USER-002", $"There is a user '{user.Name}' already: choose another name.");
            var number = session.One(
                "INSERT INTO \"user\" (name, password, role, organisation, created) VALUES (@name, @password, @role, @organisation, @created) RETURNING number",
                row => row.GetInt64(0), ("@name", user.Name), ("@password", hash), ("@role", user.Role.ToString()), ("@organisation", user.Organisation), ("@created", Now));
            audit.Add(session, actor, "user.create", user.Name, $"role {user.Role}, organisation {user.Organisation ?? "all"}");
            return session.One(Columns + "WHERE number = @number", Read, ("@number", number))!;
        });
    }

    /// <summary>Lets a user in no more, or again. Sessions end, tokens rest.</summary>
    /// <exception cref="As2Exception">GW-USER-004: there is no such user, or nobody would be left who may change users.</exception>
    public void Disable(string actor, long number, bool disabled) => database.Change(session =>
    {
        var user = session.One(Columns + "WHERE number = @number", Read, ("@number", number))
            ?? throw new As2Exception("GW-USER-004", $"There is no user {number}.");
        if (disabled)
            KeepOne(session, user);
        session.Execute("UPDATE \"user\" SET disabled = @disabled WHERE number = @number", ("@number", number), ("@disabled", disabled ? 1 : 0));
        session.Execute("DELETE FROM session WHERE \"user\" = @number", ("@number", number));
        return audit.Add(session, actor, disabled ? "user.disable" : "user.enable", user.Name, "");
    });

    /// <summary>Gives a user another role or organisation; open pages and tokens follow at once.</summary>
    /// <exception cref="As2Exception">GW-USER-001, -004.</exception>
    public User Change(string actor, long number, UserChange change)
    {
        Check(change.Role, change.Organisation);
        return database.Change(session =>
        {
            var user = session.One(Columns + "WHERE number = @number", Read, ("@number", number))
                ?? throw new As2Exception("GW-USER-004", $"There is no user {number}.");
            if (change.Role != Role.SecurityAdmin)
                KeepOne(session, user);
            session.Execute(
                "UPDATE \"user\" SET role = @role, organisation = @organisation WHERE number = @number",
                ("@number", number), ("@role", change.Role.ToString()), ("@organisation", change.Organisation));
            audit.Add(session, actor, "user.change", user.Name, $"role {user.Role} → {change.Role}, organisation {user.Organisation ?? "all"} → {change.Organisation ?? "all"}");
            return user with { Role = change.Role, Organisation = change.Organisation };
        });
    }

    /// <summary>Gives a user a new password; sessions end, and a lock is lifted.</summary>
    /// <exception cref="As2Exception">GW-USER-001, -004.</exception>
    public void SetPassword(string actor, long number, string password)
    {
        CheckPassword(password);
        var hash = FtpPassword.Hash(password);
        database.Change(session =>
        {
            var name = session.One("SELECT name FROM \"user\" WHERE number = @number", row => row.GetString(0), ("@number", number))
                ?? throw new As2Exception("GW-USER-004", $"There is no user {number}.");
            session.Execute("UPDATE \"user\" SET password = @password, failures = 0, locked_until = 0 WHERE number = @number", ("@number", number), ("@password", hash));
            session.Execute("DELETE FROM session WHERE \"user\" = @number", ("@number", number));
            session.Execute("DELETE FROM invitation WHERE \"user\" = @number", ("@number", number));
            return audit.Add(session, actor, "user.password", name, "");
        });
    }

    /// <summary>Who has this name and password; null for every reason that there is.</summary>
    public Caller? SignIn(string name, string password)
    {
        // The attempt counts before it is judged, so that many at once are not more than a few.
        var (user, hash) = database.Change(session => Attempt(session, name));
        if (!FtpPassword.Verify(hash, password))
            return null;
        return database.Change(session =>
        {
            session.Execute("UPDATE \"user\" SET failures = 0, locked_until = 0 WHERE number = @number", ("@number", user!.Number));
            audit.Add(session, user.Name, "sign-in", user.Name, "");
            return new Caller(user.Number, user.Name, user.Role, user.Organisation);
        });
    }

    private (User? User, string? Hash) Attempt(OperationsSession session, string name)
    {
        var user = session.One(Columns + "WHERE lower(name) = lower(@name)", Read, ("@name", name));
        if (user is null or { Disabled: true } || user.LockedUntil > clock.GetUtcNow())
            return (null, null);
        var (hash, failures) = session.One("SELECT password, failures FROM \"user\" WHERE number = @number", row => (row.GetString(0), row.GetInt32(1) + 1), ("@number", user.Number));
        var locked = failures >= MaxFailures;
        session.Execute(
            "UPDATE \"user\" SET failures = @failures, locked_until = @until WHERE number = @number",
            ("@failures", locked ? 0 : failures), ("@until", locked ? clock.GetUtcNow().Add(LockTime).ToUnixTimeMilliseconds() : 0), ("@number", user.Number));
        if (locked)
            audit.Add(session, user.Name, "user.lock", user.Name, $"{MaxFailures} wrong passwords in a row");
        return (user, hash);
    }

    private static void Check(NewUser user)
    {
        if (!Name().IsMatch(user.Name))
            throw new As2Exception("GW-USER-001", "A user name has 1 to 64 letters, digits, or one of . _ - @");
        Check(user.Role, user.Organisation);
        if (user.Password is { } password)
            CheckPassword(password);
    }

    private static void Check(Role role, string? organisation)
    {
        if (role == Role.SecurityAdmin && organisation is not null)
            throw new As2Exception("GW-USER-001", "A security administrator is of the whole gateway: leave the organisation out.");
    }

    private static void KeepOne(OperationsSession session, User user)
    {
        var others = session.One("SELECT count(*) FROM \"user\" WHERE role = 'SecurityAdmin' AND disabled = 0 AND number <> @number", row => row.GetInt64(0), ("@number", user.Number));
        if (user.Role == Role.SecurityAdmin && others == 0)
            throw new As2Exception("GW-USER-004", $"'{user.Name}' is the last security administrator: make another one first.");
    }

    /// <exception cref="As2Exception">GW-USER-001: it is too short or too long.</exception>
    public static void CheckPassword(string password)
    {
        if (password.Length is < 12 or > 256)
            throw new As2Exception("GW-USER-001", "A password has 12 to 256 characters: a few words do well.");
    }

    private long Now => clock.GetUtcNow().ToUnixTimeMilliseconds();

    private static User Read(DbDataReader row) => new(
        row.GetInt64(0), row.GetString(1), Enum.Parse<Role>(row.GetString(2)), row.IsDBNull(3) ? null : row.GetString(3),
        DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(4)), row.GetInt64(5) != 0,
        row.GetInt64(6) == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(6)));

    [GeneratedRegex(@"^[\p{L}\p{Nd}._@-]{1,64}\z")]
    private static partial Regex Name();
}
