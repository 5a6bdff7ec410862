using System.Text.Json.Nodes;
using As2;
using As2.Ftp.Server.Accounts;
using As2.Routes;
using ManagedGateway.Configuration.Changes;
using ManagedGateway.Operations;
using ManagedGateway.Operations.Access;

namespace ManagedGateway.Configuration.Desks;

/// <summary>An FTP account to be made.</summary>
/// <param name="Name">The user name.</param>
/// <param name="Local">Our AS2 name.</param>
/// <param name="Partner">The partner's AS2 name.</param>
/// <param name="MaxFiles">Most files; null: 100,000.</param>
/// <param name="MaxBytes">Most bytes; null: no limit.</param>
internal sealed record NewAccount(string Name, string Local, string Partner, long? MaxFiles = null, long? MaxBytes = null);

/// <summary>What may change about an account.</summary>
internal sealed record AccountChange(long? MaxFiles = null, long? MaxBytes = null, bool Disabled = false);

/// <summary>FTP accounts as one caller may change them. Passwords are made here, shown once, and kept as hashes. Thread-safe.</summary>
internal sealed class AccountDesk(SettingsChanges changes, LiveSettings live, Organisations organisations, IMailboxStore mailboxes)
{
    /// <summary>Makes one; a partnership without routes delivers to it from then on.</summary>
    /// <returns>What became of it, and its password, the only time that anybody sees it; null where it was refused.</returns>
    /// <exception cref="As2Exception">GW-CHANGE-002, -003, -005.</exception>
    public async Task<(ChangeResult Result, string? Password)> AddAsync(Caller caller, NewAccount account, CancellationToken cancellationToken)
    {
        if (!organisations.Sees(caller, account.Local))
            throw new As2Exception("GW-CHANGE-003", $"There is no station '{account.Local}'.");
        // Files of a former account of this name are somebody else's.
        if (await mailboxes.MeasureAsync(account.Name, cancellationToken) is { Files: > 0 })
            throw new As2Exception("GW-CHANGE-005", $"There are still files of a former account '{account.Name}': choose another name.");
        var password = Secret.New();
        var result = changes.Apply(caller, new WantedChange("account.add", account.Name, draft =>
        {
            var body = Quota(new JsonObject { ["Name"] = account.Name, ["Local"] = account.Local, ["Partner"] = account.Partner }, account.MaxFiles, account.MaxBytes);
            body["PasswordHash"] = FtpPassword.Hash(password);
            draft.Add(new EntryName(EntryKind.Account, account.Name), body);
            var name = EntryName.Of(account.Local, account.Partner);
            if (draft.Find(name) is { } partnership && partnership["Routes"] is null && !draft.InForce.Fixed.Contains(name))
            {
                partnership["Routes"] = MailboxDestination.Prefix + account.Name;
                draft.Put(name, partnership);
            }
        })
        {
            AllowsPrivateAddresses = true,
        });
        return (result, result.IsDone ? password : null);
    }

    /// <summary>Makes a new password; the old one opens nothing from then on.</summary>
    /// <exception cref="As2Exception">GW-CHANGE-002, -003.</exception>
    public (ChangeResult Result, string? Password) ResetPassword(Caller caller, string name)
    {
        var password = Secret.New();
        var result = Change(caller, "account.password", name, body => body["PasswordHash"] = FtpPassword.Hash(password));
        return (result, result.IsDone ? password : null);
    }

    /// <summary>Sets quota, and whether anybody signs in.</summary>
    /// <exception cref="As2Exception">GW-CHANGE-002, -003.</exception>
    public ChangeResult Change(Caller caller, string name, AccountChange change) => Change(caller, "account.change", name, body =>
    {
        Quota(body, change.MaxFiles, change.MaxBytes);
        if (change.Disabled)
            body["Disabled"] = true;
        else
            body.Remove("Disabled");
    });

    /// <summary>Removes one. Its files stay in the store, and nobody gets them under that name.</summary>
    /// <exception cref="As2Exception">GW-CHANGE-002, -003.</exception>
    public ChangeResult Remove(Caller caller, string name)
    {
        Seen(caller, name);
        return changes.Apply(caller, new WantedChange("account.remove", name, draft => draft.Remove(new EntryName(EntryKind.Account, name))));
    }

    private ChangeResult Change(Caller caller, string action, string name, Action<JsonObject> edit)
    {
        Seen(caller, name);
        return changes.Apply(caller, new WantedChange(action, name, draft =>
        {
            var entry = new EntryName(EntryKind.Account, name);
            var body = draft.Take(entry);
            edit(body);
            draft.Put(entry, body);
        }));
    }

    private void Seen(Caller caller, string name)
    {
        if (live.Current.Settings.Accounts.FirstOrDefault(a => a.Name == name) is not { } account || !organisations.Sees(caller, account.Local))
            throw new As2Exception("GW-CHANGE-003", $"There is no account '{name}'.");
    }

    private static JsonObject Quota(JsonObject body, long? maxFiles, long? maxBytes)
    {
        Put(body, "MaxFiles", maxFiles);
        Put(body, "MaxBytes", maxBytes);
        return body;
    }

    private static void Put(JsonObject body, string name, long? value)
    {
        if (value is { } number)
            body[name] = number;
        else
            body.Remove(name);
    }
}
