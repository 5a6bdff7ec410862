using As2;
using As2.Agreements;
using As2.Ftp.Server.Mailbox;
using As2.Routes;
using As2.Storage;

namespace ManagedGateway.Accounts;

/// <summary>The FTP accounts of the settings as they are now: their passwords, and to which partnership an outbox belongs.</summary>
internal sealed class GatewayAccounts(
    Configuration.LiveSettings live, As2Sender sender, IPartnershipDirectory partnerships, StorageServices storage, TimeProvider clock, AccountUses? uses = null)
    : IOutboxSubmitter
{
    /// <summary>Finds a user's password.</summary>
    public ValueTask<FtpUser?> FindAsync(string user, CancellationToken cancellationToken)
        => ValueTask.FromResult(Find(user) is { Disabled: false } account
            ? new FtpUser(account.Name, account.PasswordHash.Length > 0 ? account.PasswordHash : null)
            {
                Certificates = account.Certificates, MaxFiles = account.MaxFiles, MaxBytes = account.MaxBytes,
                Used = uses is null ? null : use => uses.Note(account.Name, use),
            }
            : null);

    public async ValueTask<SubmitOutcome> SubmitAsync(OutboxFile file, CancellationToken cancellationToken)
    {
        if (storage.Health?.Check() is { TakesWork: false })
            return new SubmitOutcome(false, "The gateway takes no new files for the moment; try again later.", RefusalCode: 452);
        if (Find(file.Account) is not { Disabled: false } account)
            return new SubmitOutcome(false, "This account is no longer in use; ask the operator of this gateway.");
        if (storage.Quotas is { } quotas && await quotas.CheckAsync(new As2Identifier(account.Local), cancellationToken) is { Reason: { } reason })
            return new SubmitOutcome(false, reason, RefusalCode: 552);
        var partnership = await partnerships.FindAsync(new As2Identifier(account.Local), new As2Identifier(account.Partner), cancellationToken);
        if (partnership?.Endpoint is null)
            return new SubmitOutcome(false, $"There is no address for {account.Partner} yet; ask the operator of this gateway.");
        var upload = new MailboxFile(file.Account, MailboxFolder.Outbox, file.Name, file.Content, clock.GetUtcNow(), MessageId: null);
        var id = await sender.SubmitAsync(upload, file.Replaces, partnership, cancellationToken);
        return new SubmitOutcome(true, $"Taken for {account.Partner} as message {id}.");
    }

    private AccountSettings? Find(string name) => live.Current.Settings.Accounts.Find(a => string.Equals(a.Name, name, StringComparison.Ordinal));
}
