using System.Net;
using System.Security.Cryptography.X509Certificates;
using As2.Ftp.Server.Accounts;
using As2.Routes;
using As2.Storage;

namespace As2.Ftp.Server.Mailbox;

/// <summary>Partners' accounts over the mailbox store. Thread-safe.</summary>
/// <param name="lookup">Finds users.</param>
/// <param name="mailbox">The files.</param>
/// <param name="storage">Their octets, and the messages on which a pick-up is recorded.</param>
/// <param name="submitter">Makes messages of uploads.</param>
/// <param name="clock">The clock.</param>
public sealed class MailboxAccounts(FtpUserLookup lookup, IMailboxStore mailbox, StorageServices storage, IOutboxSubmitter submitter, TimeProvider clock)
    : IFtpAccounts, IFtpCertificateAccounts
{
    /// <inheritdoc/>
    public async ValueTask<FtpAccount?> SignInAsync(string user, string password, IPEndPoint remote, CancellationToken cancellationToken)
    {
        var found = await lookup(user, cancellationToken).ConfigureAwait(false);
        var isRight = await Task.Run(() => FtpPassword.Verify(found?.PasswordHash, password), cancellationToken).ConfigureAwait(false);
        return isRight && found is not null ? Open(found) : null;
    }

    /// <inheritdoc/>
    public async ValueTask<FtpAccount?> SignInAsync(string user, X509Certificate2 certificate, IPEndPoint remote, CancellationToken cancellationToken)
    {
        var found = await lookup(user, cancellationToken).ConfigureAwait(false);
        var fingerprint = certificate.GetCertHashString(System.Security.Cryptography.HashAlgorithmName.SHA256);
        return found is not null && IsInDate(certificate) && found.Certificates.Any(known => Plain(known).Equals(fingerprint, StringComparison.OrdinalIgnoreCase))
            ? Open(found)
            : null;
    }

    private FtpAccount Open(FtpUser user)
    {
        user.Used?.Invoke(FtpUse.SignIn);
        return new FtpAccount(user.Account, new PartnerMailbox(user, mailbox, storage, submitter, clock));
    }

    private bool IsInDate(X509Certificate2 certificate)
        => clock.GetUtcNow() is var now && certificate.NotBefore.ToUniversalTime() <= now && now <= certificate.NotAfter.ToUniversalTime();

    private static string Plain(string fingerprint) => fingerprint.Replace(":", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal);
}
