using As2.Ftp.Server.Accounts;
using As2.Ftp.Server.Connections;

namespace As2.Ftp.Server.Commands;

/// <summary>USER and PASS, or USER with a certificate (RFC 2228 §4, 232). Every failure has the same words and the same delay, whatever its cause.</summary>
internal static class SignInCommands
{
    public static async ValueTask<FtpReply?> UserAsync(FtpSession session, string argument, CancellationToken cancellationToken)
    {
        if (session.Account is not null)
            return new FtpReply(503, "Signed in already; open another connection for another user.");
        if (argument.Length == 0)
            return new FtpReply(501, "USER needs a name.");
        if (await ByCertificateAsync(session, argument, cancellationToken).ConfigureAwait(false) is { } account)
        {
            session.Certificate = session.Control.ClientCertificate?.GetRawCertData();
            return Enter(session, account, 232, "with a certificate");
        }
        session.User = argument;
        return new FtpReply(331, "The password, please.");
    }

    public static async ValueTask<FtpReply?> PassAsync(FtpSession session, string argument, CancellationToken cancellationToken)
    {
        if (session.User is not { } user || session.Account is not null)
            return new FtpReply(503, "USER first.");
        session.User = null;
        var shown = FtpReply.Clean(user);
        if (session.Services.Guard.IsLockedOut(user, session.Remote.Address))
        {
            FtpServerLog.LockedOut(session.Log, session.Id, shown, session.Remote);
            return await RefuseAsync(session, cancellationToken).ConfigureAwait(false);
        }
        if (await CheckAsync(session, user, argument, cancellationToken).ConfigureAwait(false) is not { } account)
        {
            session.Services.Guard.Failed(user, session.Remote.Address);
            FtpServerLog.SignInRefused(session.Log, session.Id, shown, session.Remote);
            return await RefuseAsync(session, cancellationToken).ConfigureAwait(false);
        }
        session.Services.Guard.Succeeded(user, session.Remote.Address);
        return Enter(session, account, 230, "with a password");
    }

    private static FtpReply Enter(FtpSession session, FtpAccount account, int code, string how)
    {
        session.Place = session.Services.Sessions.TryEnter($"account {account.Name}", session.Services.Limits.MaxSessionsPerAccount);
        if (session.Place is null)
            return new FtpReply(421, "Too many sessions of this account; close one.") { Closes = true };
        session.Account = account;
        FtpServerLog.SignedIn(session.Log, session.Id, account.Name, session.Remote, how);
        return new FtpReply(code, "Signed in.");
    }

    private static async ValueTask<FtpAccount?> ByCertificateAsync(FtpSession session, string user, CancellationToken cancellationToken)
    {
        if (!session.Services.Options.AskClientCertificate || session.Services.Accounts is not IFtpCertificateAccounts accounts)
            return null;
        using var certificate = session.Control.ClientCertificate;
        return certificate is null ? null : await accounts.SignInAsync(user, certificate, session.Remote, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<FtpAccount?> CheckAsync(FtpSession session, string user, string password, CancellationToken cancellationToken)
    {
        await session.Services.SignIns.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await session.Services.Accounts.SignInAsync(user, password, session.Remote, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            session.Services.SignIns.Release();
        }
    }

    private static async Task<FtpReply> RefuseAsync(FtpSession session, CancellationToken cancellationToken)
    {
        await Task.Delay(session.Services.Limits.SignInDelay, session.Services.Clock, cancellationToken).ConfigureAwait(false);
        return ++session.FailedSignIns >= session.Services.Limits.MaxFailedSignInsPerSession
            ? new FtpReply(421, "Too many failed sign-ins.") { Closes = true }
            : new FtpReply(530, "User or password is wrong.");
    }
}
