using System.Net;
using As2.Ftp.Server.Accounts;
using As2.Routes;
using As2.Storage;

namespace As2.Ftp.Server.Mailbox;

/// <summary>Gives the stored password of a user.</summary>
/// <returns>The account's name and the password as <see cref="FtpPassword.Hash"/> gave it; null: there is no such user.</returns>
public delegate ValueTask<(string Account, string PasswordHash)?> FtpUserLookup(string user, CancellationToken cancellationToken);

/// <summary>Partners' accounts over the mailbox store. Thread-safe.</summary>
/// <param name="lookup">Finds users.</param>
/// <param name="mailbox">The files.</param>
/// <param name="blobs">Their octets.</param>
/// <param name="submitter">Makes messages of uploads.</param>
/// <param name="clock">The clock.</param>
public sealed class MailboxAccounts(FtpUserLookup lookup, IMailboxStore mailbox, IBlobStore blobs, IOutboxSubmitter submitter, TimeProvider clock) : IFtpAccounts
{
    /// <inheritdoc/>
    public async ValueTask<FtpAccount?> SignInAsync(string user, string password, IPEndPoint remote, CancellationToken cancellationToken)
    {
        var found = await lookup(user, cancellationToken).ConfigureAwait(false);
        var isRight = await Task.Run(() => FtpPassword.Verify(found?.PasswordHash, password), cancellationToken).ConfigureAwait(false);
        return isRight && found is { } known
            ? new FtpAccount(known.Account, new PartnerMailbox(known.Account, mailbox, blobs, submitter, clock))
            : null;
    }
}
