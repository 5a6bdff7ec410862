using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using As2.Ftp.Server.Accounts;
using As2.Ftp.Server.Commands;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace As2.Ftp.Server.Connections;

/// <summary>Runs a session on a connection of Kestrel: gate → (TLS) → greeting → commands, one at a time → goodbye.</summary>
internal sealed class FtpConnectionHandler(FtpServices services)
{
    public async Task RunAsync(ConnectionContext connection, FtpTlsMode mode)
    {
        var remote = (IPEndPoint)connection.RemoteEndPoint!;
        var socket = connection.Features.Get<IConnectionSocketFeature>()?.Socket;
        var control = new FtpControl(new DuplexPipeStream(connection.Transport), socket, services.Limits.BlockTimeout, services.Clock);
        using var all = services.Sessions.TryEnter("all", services.Limits.MaxSessions);
        using var address = services.Sessions.TryEnter($"address {SignInGuard.Key(remote.Address)}", services.Limits.MaxSessionsPerAddress);
        using var session = new FtpSession(services, control, (IPEndPoint)connection.LocalEndPoint!, remote);
        try
        {
            if (!services.Rate.Allows(remote.Address))
                await TurnAwayAsync(session, mode, "Too many connections in a minute; try again later.", connection.ConnectionClosed).ConfigureAwait(false);
            else if (all is null || address is null)
                await TurnAwayAsync(session, mode, "Too many sessions; try again later.", connection.ConnectionClosed).ConfigureAwait(false);
            else
                await TalkAsync(session, connection, mode).ConfigureAwait(false);
        }
        catch (Exception gone) when (gone is IOException or SocketException or OperationCanceledException or ConnectionAbortedException or ConnectionResetException)
        {
            // The client, or the host, closed the connection; there is nobody to tell.
        }
        catch (Exception failure) when (failure is AuthenticationException or TimeoutException or InvalidDataException)
        {
            FtpServerLog.TlsFailed(services.Log, session.Id, failure.Message);
        }
        finally
        {
            connection.Transport.Input.CancelPendingRead();
            FtpServerLog.Ended(services.Log, session.Id);
        }
    }

    private async Task TurnAwayAsync(FtpSession session, FtpTlsMode mode, string reason, CancellationToken closed)
    {
        FtpServerLog.TooMany(services.Log, session.Remote, reason);
        if (mode == FtpTlsMode.Explicit)
            await session.Control.WriteAsync(new FtpReply(421, reason), closed).ConfigureAwait(false);
    }

    private async Task TalkAsync(FtpSession session, ConnectionContext connection, FtpTlsMode mode)
    {
        var closed = connection.ConnectionClosed;
        var stopping = connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? CancellationToken.None;
        FtpServerLog.Began(services.Log, session.Id, session.Remote);
        if (mode == FtpTlsMode.Implicit)
            await session.Control.SecureAsync(services.Tls.Current, closed).ConfigureAwait(false);
        await session.Control.WriteAsync(new FtpReply(220, services.Options.Greeting), closed).ConfigureAwait(false);
        await LoopAsync(session, stopping, closed).ConfigureAwait(false);
        await session.Control.CloseAsync().ConfigureAwait(false);
    }

    private async Task LoopAsync(FtpSession session, CancellationToken stopping, CancellationToken closed)
    {
        var begun = services.Clock.GetTimestamp();
        var commandsBefore = 0;
        while (true)
        {
            var (line, goodbye) = await NextAsync(session, begun, stopping).ConfigureAwait(false);
            if (session.Account is null && ++commandsBefore > services.Limits.MaxCommandsBeforeSignIn)
                goodbye ??= "Too many commands before the sign-in.";
            if (goodbye is not null)
            {
                FtpServerLog.Closed(services.Log, session.Id, goodbye);
                await session.Control.WriteAsync(new FtpReply(421, goodbye), closed).ConfigureAwait(false);
                return;
            }
            if (line is null)
                return;
            session.CloseSpentPassive();
            var reply = await FtpVerbs.RunAsync(session, line, closed).ConfigureAwait(false);
            if (reply is { } answer)
                await session.Control.WriteAsync(answer, closed).ConfigureAwait(false);
            if (reply is { Closes: true })
                return;
        }
    }

    // The line, or null at the end of the connection, or why we say goodbye.
    private async Task<(string? Line, string? Goodbye)> NextAsync(FtpSession session, long begun, CancellationToken stopping)
    {
        var limit = services.Limits.IdleTimeout;
        if (session.Account is null)
            limit = services.Limits.SignInTimeout - services.Clock.GetElapsedTime(begun);
        try
        {
            return (await session.Control.ReadLineAsync(limit > TimeSpan.Zero ? limit : TimeSpan.Zero, stopping).ConfigureAwait(false), null);
        }
        catch (TimeoutException)
        {
            return (null, session.Account is null ? "No sign-in in time." : "No command in time.");
        }
        catch (InvalidDataException tooLong)
        {
            return (null, tooLong.Message);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return (null, "The server is going down; come back later.");
        }
    }
}
