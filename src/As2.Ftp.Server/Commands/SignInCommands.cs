using As2.Ftp.Server.Accounts;
using As2.Ftp.Server.Connections;

namespace As2.Ftp.Server.Commands;

/// <summary>USER and PASS. Every failure has the same words and the same delay, whatever its cause.</summary>
internal static class SignInCommands
{
    public static ValueTask<FtpReply?> User(FtpSession session, string argument, CancellationToken cancellationToken)
    {
        if (session.Account is not null)
            return new(new FtpReply(503, "Signed in already; open another connection for another user."));
        if (argument.Length == 0)
            return new(new FtpReply(501, "USER needs a name."));
        session.User = argument;
        return new(new FtpReply(331, "The password, please."));
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
        session.Place = session.Services.Sessions.TryEnter($"account {account.Name}", session.Services.Limits.MaxSessionsPerAccount);
        if (session.Place is null)
            return new FtpReply(421, "Too many sessions of this account; close one.") { Closes = true };
        session.Account = account;
        FtpServerLog.SignedIn(session.Log, session.Id, account.Name, session.Remote);
        return new FtpReply(230, "Signed in.");
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
