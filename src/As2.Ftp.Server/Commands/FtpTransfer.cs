using System.Buffers;
using System.Net.Sockets;
using System.Security.Authentication;
using As2.Ftp.Server.Connections;
using As2.Ftp.Server.Files;

namespace As2.Ftp.Server.Commands;

/// <summary>
/// One transfer: data connection → 150 → TLS → octets → proper end → the last reply. Meanwhile ABOR is heard, and the end of the
/// control connection ends the transfer.
/// </summary>
internal static class FtpTransfer
{
    public const int Block = 64 << 10;

    private static readonly TimeSpan s_lingering = TimeSpan.FromSeconds(1);

    public static async Task<FtpReply?> RunAsync(
        FtpSession session, PassiveListener? passive, string what,
        Func<DataConnection, CancellationTokenSource, Task<FtpReply>> move, CancellationToken cancellationToken)
    {
        if (passive is null)
            return new FtpReply(425, "EPSV or PASV first.");
        if (!session.DataIsProtected && !session.MayTalkPlain)
            return new FtpReply(521, "Data connections must be protected: PBSZ 0 and PROT P first.");
        if (await passive.AcceptAsync(session.Remote.Address, cancellationToken).ConfigureAwait(false) is not { } socket)
            return new FtpReply(425, "No data connection came from your address in time.");
        await using var data = new DataConnection(socket);
        await session.Control.WriteAsync(new FtpReply(150, $"Here is the data connection for {what}."), cancellationToken).ConfigureAwait(false);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        stop.CancelAfter(session.Services.Limits.BlockTimeout);
        var moving = MoveAsync(session, data, move, stop);
        var aborted = await WatchAsync(session, moving, stop).ConfigureAwait(false);
        try
        {
            var reply = await moving.ConfigureAwait(false);
            return aborted ? await AnswerAbortAsync(session, reply, cancellationToken).ConfigureAwait(false) : reply;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            var broken = new FtpReply(426, aborted ? "The transfer was aborted." : "The data connection stood still too long.");
            return aborted ? await AnswerAbortAsync(session, broken, cancellationToken).ConfigureAwait(false) : broken;
        }
    }

    /// <summary>Sends a stream to its end, and ends the connection so that the client sees it. A block is read while the one before is sent.</summary>
    public static async Task<long> SendAsync(FtpSession session, Stream content, DataConnection data, CancellationTokenSource stop)
    {
        var (block, next) = (ArrayPool<byte>.Shared.Rent(Block), ArrayPool<byte>.Shared.Rent(Block));
        Task<int>? reading = null;
        try
        {
            data.BeginSending();
            long total = 0;
            var length = await ReadAsync(content, block, stop.Token).ConfigureAwait(false);
            while (length > 0)
            {
                reading = ReadAsync(content, next, stop.Token);
                await GuardAsync(data.Stream.WriteAsync(block.AsMemory(0, length), stop.Token)).ConfigureAwait(false);
                stop.CancelAfter(session.Services.Limits.BlockTimeout);
                total += length;
                length = await reading.ConfigureAwait(false);
                (block, next) = (next, block);
            }
            await EndAsync(data, stop.Token).ConfigureAwait(false);
            return total;
        }
        finally
        {
            // A buffer goes back only when nobody writes into it any more.
            if (reading is not null)
                await ((Task)reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            ArrayPool<byte>.Shared.Return(block);
            ArrayPool<byte>.Shared.Return(next);
        }
    }

    // On another thread: files and memory are read, and their digest made, without ever being asynchronous.
    private static Task<int> ReadAsync(Stream content, byte[] block, CancellationToken cancellationToken)
        => Task.Run(() => content.ReadAsync(block, cancellationToken).AsTask(), cancellationToken);

    /// <summary>Reads a block of an upload; 0 at its end.</summary>
    public static async Task<int> ReceiveAsync(FtpSession session, DataConnection data, Memory<byte> buffer, CancellationTokenSource stop)
    {
        try
        {
            var read = await data.Stream.ReadAsync(buffer, stop.Token).ConfigureAwait(false);
            stop.CancelAfter(session.Services.Limits.BlockTimeout);
            return read;
        }
        catch (Exception failure) when (failure is IOException or SocketException)
        {
            throw new FtpRefusedException(426, "The data connection broke; the file was discarded.");
        }
    }

    // Ends a download: closes our side and waits a little for the client's.
    private static async Task EndAsync(DataConnection data, CancellationToken cancellationToken)
    {
        await data.CloseAsync(cancellationToken).ConfigureAwait(false);
        using var wait = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        wait.CancelAfter(s_lingering);
        try
        {
            await data.DrainAsync(wait.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The client keeps its side open; it has all that we had to say.
        }
    }

    private static async Task<FtpReply> MoveAsync(
        FtpSession session, DataConnection data, Func<DataConnection, CancellationTokenSource, Task<FtpReply>> move, CancellationTokenSource stop)
    {
        if (session.DataIsProtected)
        {
            try
            {
                await data.SecureAsync(session.Services.Tls.Current, stop.Token).ConfigureAwait(false);
            }
            catch (Exception failure) when (failure is IOException or AuthenticationException or SocketException)
            {
                throw new FtpRefusedException(522, "TLS failed on the data connection.");
            }
            if (session.Certificate is { } owner && !owner.AsSpan().SequenceEqual(data.ClientCertificate))
                throw new FtpRefusedException(522, "The data connection does not show the certificate that signed in.");
        }
        return await move(data, stop).ConfigureAwait(false);
    }

    private static async Task<bool> WatchAsync(FtpSession session, Task moving, CancellationTokenSource stop)
    {
        var next = session.Control.NextLine;
        await Task.WhenAny(moving, next).ConfigureAwait(false);
        if (moving.IsCompleted)
            return false;
        var line = next.IsCompletedSuccessfully ? await next.ConfigureAwait(false) : null;
        var isAbort = line is not null && FtpVerbs.Split(line).Verb.Equals("ABOR", StringComparison.OrdinalIgnoreCase);
        if (isAbort)
            await session.Control.ReadLineAsync(TimeSpan.Zero, CancellationToken.None).ConfigureAwait(false);
        if (line is null || isAbort)
            await stop.CancelAsync().ConfigureAwait(false);
        return isAbort;
    }

    // RFC 959 §4.1.3: first the answer to the transfer, then 226 for ABOR itself.
    private static async Task<FtpReply> AnswerAbortAsync(FtpSession session, FtpReply transfer, CancellationToken cancellationToken)
    {
        await session.Control.WriteAsync(transfer, cancellationToken).ConfigureAwait(false);
        return new FtpReply(226, "ABOR done.");
    }

    private static async Task GuardAsync(ValueTask write)
    {
        try
        {
            await write.ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is IOException or SocketException)
        {
            throw new FtpRefusedException(426, "The data connection broke.");
        }
    }
}
