using System.Globalization;
using System.Net.Sockets;

namespace As2.Ftp;

/// <summary>
/// One transfer: EPSV or PASV → data connection → command → 150 → TLS → octets → proper end → 226.
/// </summary>
internal sealed class FtpTransfer(FtpSession session)
{
    private bool _extendedPassiveRefused;

    /// <summary>Sends <paramref name="content"/>.</summary>
    public Task SendAsync(string command, Stream content, CancellationToken cancellationToken)
        => RunAsync(command, null, async (data, patience) =>
        {
            await data.SendAsync(content, patience).ConfigureAwait(false);
            await data.FinishAsync(patience).ConfigureAwait(false);
            return 0;
        }, cancellationToken);

    /// <summary>Receives at most <paramref name="max"/> bytes from an offset.</summary>
    public Task<(long Length, bool EndProven)> ReceiveAsync(string command, long offset, Stream target, long max, CancellationToken cancellationToken)
        => RunAsync(command, offset > 0 ? $"REST {offset}" : null, (data, patience) => data.ReceiveAsync(target, max, patience), cancellationToken);

    private async Task<T> RunAsync<T>(
        string command, string? before, Func<FtpDataConnection, Patience, Task<T>> move, CancellationToken cancellationToken)
    {
        var port = await OpenPassiveAsync(cancellationToken).ConfigureAwait(false);
        await using var data = new FtpDataConnection();
        using var patience = new Patience(session.Options.BlockTimeout, session.Clock, cancellationToken);
        await StepAsync(() => data.ConnectAsync(session.Options, session.Control.Peer, port, patience.Token), patience, "Data connection").ConfigureAwait(false);
        if (before is not null)
            await RestartAsync(before, cancellationToken).ConfigureAwait(false);
        var reply = await session.Control.SendAsync(command, cancellationToken).ConfigureAwait(false);
        if (!reply.IsPreliminary)
            throw reply.ToException(command);
        patience.Restart();
        T result;
        try
        {
            if (session.Tls is { } tls)
                await data.SecureAsync(tls, session.Control.Certificate!, patience.Token).ConfigureAwait(false);
            result = await move(data, patience).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is not FtpException)
        {
            await data.DisposeAsync().ConfigureAwait(false);
            throw await PreferServersWordAsync(patience.Explain(failure, command), command, cancellationToken).ConfigureAwait(false);
        }
        catch (FtpException)
        {
            await session.Control.DisposeAsync().ConfigureAwait(false);
            throw;
        }
        await data.DisposeAsync().ConfigureAwait(false);
        var end = await session.Control.ReadReplyAsync(command, cancellationToken).ConfigureAwait(false);
        return end.IsPositive ? result : throw end.ToException(command);
    }

    private static async Task StepAsync(Func<Task> step, Patience patience, string what)
    {
        try
        {
            await step().ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is SocketException or IOException or OperationCanceledException)
        {
            throw patience.Explain(failure, what);
        }
    }

    private async Task RestartAsync(string command, CancellationToken cancellationToken)
    {
        var reply = await session.Control.SendAsync(command, cancellationToken).ConfigureAwait(false);
        if (!reply.IsIntermediate)
            throw reply.ToException(command);
    }

    // A server that refuses half-way (disk full) closes the data connection first; its 4yz or 5yz says more than our broken pipe.
    private async Task<Exception> PreferServersWordAsync(Exception ours, string command, CancellationToken cancellationToken)
    {
        if (ours is not FtpException { Failure: FtpFailure.Connection })
        {
            await session.Control.DisposeAsync().ConfigureAwait(false);
            return ours;
        }
        var reply = await session.Control.ReadReplyAsync(command, cancellationToken).ConfigureAwait(false);
        return reply.IsPositive ? ours : reply.ToException(command);
    }

    private async Task<int> OpenPassiveAsync(CancellationToken cancellationToken)
    {
        if (!_extendedPassiveRefused)
        {
            var extended = await session.Control.SendAsync("EPSV", cancellationToken).ConfigureAwait(false);
            if (extended.Code == 229)
                return CheckPort(ReadExtended(extended.Text), "EPSV");
            _extendedPassiveRefused = extended.Code / 100 == 5 ? true : throw extended.ToException("EPSV");
        }
        var reply = await session.Control.SendAsync("PASV", cancellationToken).ConfigureAwait(false);
        return reply.Code == 227 ? CheckPort(ReadPassive(reply.Text), "PASV") : throw reply.ToException("PASV");
    }

    // 229 text (|||port|)   (RFC 2428 §3)
    private static int ReadExtended(string text)
    {
        var open = text.IndexOf('(', StringComparison.Ordinal);
        if (open < 0 || text.Length < open + 2)
            return 0;
        var parts = text[(open + 1)..].Split(text[open + 1]);
        return parts.Length >= 5 && int.TryParse(parts[3], NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? port : 0;
    }

    // 227 text (h1,h2,h3,h4,p1,p2), brackets optional (RFC 1123 §4.1.2.6). The address is not used: it may be a stranger's.
    private static int ReadPassive(string text)
    {
        var numbers = text.Split([' ', '(', ')', '.'], StringSplitOptions.RemoveEmptyEntries)
            .Select(word => word.Split(',')).FirstOrDefault(word => word.Length == 6);
        return numbers is not null && byte.TryParse(numbers[4], CultureInfo.InvariantCulture, out var high)
            && byte.TryParse(numbers[5], CultureInfo.InvariantCulture, out var low) ? high * 256 + low : 0;
    }

    private static int CheckPort(int port, string command) => port is >= 1024 and <= 65535
        ? port
        : throw new FtpException(FtpFailure.Protocol, $"{command}: the server names no usable data port (1024–65535).");
}
