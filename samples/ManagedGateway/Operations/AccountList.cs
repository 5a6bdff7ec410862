using As2.Agreements;
using As2.Routes;
using ManagedGateway.Accounts;
using ManagedGateway.Configuration;
using ManagedGateway.Operations.Access;

namespace ManagedGateway.Operations;

/// <summary>An FTP account, without its password.</summary>
internal sealed record AccountLine(string Organisation, string Name, string Local, string Partner, bool HasPassword, int Certificates, long Files, long Bytes, long MaxFiles, long? MaxBytes,
    bool Disabled, bool IsFixed)
{
    /// <summary>When somebody signed in last; null: never.</summary>
    public DateTimeOffset? SignedIn { get; init; }

    /// <summary>When a whole file was taken last; null: never.</summary>
    public DateTimeOffset? PickedUp { get; init; }
}

/// <summary>The FTP accounts with what lies in them. Thread-safe.</summary>
internal sealed class AccountList(LiveSettings live, IMailboxStore mailboxes, Organisations organisations, AccountUses uses)
{
    /// <summary>Those that the caller may see.</summary>
    public async Task<IReadOnlyList<AccountLine>> ReadAsync(Caller caller, CancellationToken cancellationToken)
    {
        var (lines, current, used) = (new List<AccountLine>(), live.Current, uses.Read());
        foreach (var account in current.Settings.Accounts.Where(a => organisations.Sees(caller, new As2Identifier(a.Local))))
        {
            var (files, bytes) = await mailboxes.MeasureAsync(account.Name, cancellationToken);
            lines.Add(new AccountLine(
                organisations.Of(account.Local), account.Name, account.Local, account.Partner, account.PasswordHash.Length > 0, account.Certificates.Count, files, bytes,
                account.MaxFiles, account.MaxBytes == long.MaxValue ? null : account.MaxBytes,
                account.Disabled, current.Fixed.Contains(new EntryName(EntryKind.Account, account.Name)))
            {
                SignedIn = used.GetValueOrDefault(account.Name)?.SignedIn,
                PickedUp = used.GetValueOrDefault(account.Name)?.PickedUp,
            });
        }
        return lines;
    }
}
