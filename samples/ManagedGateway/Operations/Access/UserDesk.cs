using As2;

namespace ManagedGateway.Operations.Access;

/// <summary>Users as one caller may handle them: page and API ask here, so both refuse alike. Thread-safe.</summary>
internal sealed class UserDesk(Users users, Invitations invitations, Organisations organisations)
{
    /// <summary>Everybody, by name.</summary>
    /// <exception cref="As2Exception">GW-ROLE-001, here and below.</exception>
    public IReadOnlyList<User> List(Caller caller)
    {
        caller.Require(Role.SecurityAdmin);
        return users.List();
    }

    /// <summary>Adds a user.</summary>
    /// <exception cref="As2Exception">GW-USER-001, -002.</exception>
    public User Add(Caller caller, NewUser user)
    {
        caller.Require(Role.SecurityAdmin);
        Check(user.Organisation);
        return users.Add(caller.Name, user);
    }

    /// <summary>Gives a user another role or organisation.</summary>
    /// <exception cref="As2Exception">GW-USER-001, -004.</exception>
    public User Change(Caller caller, long number, UserChange change)
    {
        caller.Require(Role.SecurityAdmin);
        Check(change.Organisation);
        return users.Change(caller.Name, number, change);
    }

    /// <summary>A link by which a user chooses a password; the present one opens nothing any more.</summary>
    /// <returns>The path of the link, the only time that anybody sees it.</returns>
    /// <exception cref="As2Exception">GW-USER-004.</exception>
    public string Invite(Caller caller, long number)
    {
        caller.Require(Role.SecurityAdmin);
        return invitations.Open(caller.Name, number);
    }

    /// <summary>Gives a user a new password; their sessions end.</summary>
    /// <exception cref="As2Exception">GW-USER-001, -004.</exception>
    public void SetPassword(Caller caller, long number, string password)
    {
        caller.Require(Role.SecurityAdmin);
        users.SetPassword(caller.Name, number, password);
    }

    /// <summary>Lets a user in no more, or again.</summary>
    /// <exception cref="As2Exception">GW-USER-004.</exception>
    public void Disable(Caller caller, long number, bool disabled)
    {
        caller.Require(Role.SecurityAdmin);
        users.Disable(caller.Name, number, disabled);
    }

    /// <summary>Changes the caller's own password; every session of theirs ends, also this one.</summary>
    /// <exception cref="As2Exception">GW-USER-001: the present password is wrong, or the new one will not do.</exception>
    public void ChangeOwn(Caller caller, string present, string next)
    {
        if (caller.Session is null || users.SignIn(caller.Name, present) is null)
            throw new As2Exception("GW-USER-001", $"The present password is wrong. After {Users.MaxFailures} wrong ones the name rests for {Users.LockTime.TotalMinutes} minutes.");
        users.SetPassword(caller.Name, caller.User, next);
    }

    private void Check(string? organisation)
    {
        if (organisation is not null && !organisations.All.Contains(organisation))
            throw new As2Exception("GW-USER-001", $"There is no organisation '{organisation}': choose one that there is, or none for all.");
    }
}
