using System.Buffers;
using As2.Ftp.Server.Connections;
using As2.Ftp.Server.Files;
using As2.Telemetry;

namespace As2.Ftp.Server.Commands;

/// <summary>STOR: 226 is said when the file is durable, and only for a whole file.</summary>
internal static class StoreCommand
{
    public static async ValueTask<FtpReply?> RunAsync(FtpSession session, string argument, CancellationToken cancellationToken)
    {
        var passive = session.TakePassive();
        var (restart, expected) = (session.RestartAt, session.ExpectedLength);
        session.ForgetTransfer();
        var path = session.Folder.Resolve(argument);
        if (argument.Length == 0 || path.Name.Length == 0)
            return new FtpReply(501, "STOR needs a file name.");
        if (restart > 0)
            return new FtpReply(554, "An upload cannot be resumed; send the file from its beginning.");
        using var span = As2Telemetry.Start(SpanNames.Upload, System.Diagnostics.ActivityKind.Server, parent: null)?
            .SetTag(TagNames.Account, session.Account!.Name).SetTag(TagNames.File, path.ToString());
        await using var upload = await session.Files.CreateAsync(path, expected, cancellationToken).ConfigureAwait(false);
        return await FtpTransfer.RunAsync(
            session, passive, path.Name, (data, stop) => ReceiveAsync(session, (path, expected), upload, data, stop), cancellationToken).ConfigureAwait(false);
    }

    private static async Task<FtpReply> ReceiveAsync(
        FtpSession session, (FtpPath Path, long? Expected) file, IFtpUpload upload, DataConnection data, CancellationTokenSource stop)
    {
        long length = 0;
        var account = session.Account!.Name;
        try
        {
            length = await CopyAsync(session, upload, data, read => length += read, stop).ConfigureAwait(false);
            CheckWhole(session, file.Expected, length, data);
        }
        catch (Exception broken) when (broken is FtpRefusedException or OperationCanceledException)
        {
            FtpServerLog.UploadBroken(session.Log, session.Id, account, file.Path.ToString(), length, broken.Message);
            throw;
        }
        // From here on the file is whole: neither ABOR nor a lost connection takes it back half-way.
        stop.CancelAfter(Timeout.InfiniteTimeSpan);
        await CloseAsync(session, data).ConfigureAwait(false);
        var outcome = await upload.CompleteAsync(CancellationToken.None).ConfigureAwait(false);
        FtpServerLog.Uploaded(session.Log, session.Id, account, file.Path.ToString(), length, outcome);
        return new FtpReply(226, outcome);
    }

    // Some clients (ftplib) wait for our close_notify before they read the reply; one that does not take it has its file sent all the same.
    private static async Task CloseAsync(FtpSession session, DataConnection data)
    {
        using var limit = new CancellationTokenSource(session.Services.Limits.BlockTimeout, session.Services.Clock);
        try
        {
            await data.CloseAsync(limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // It will not hear 226 either, and asks for the file's state when it comes back.
        }
    }

    private static async Task<long> CopyAsync(
        FtpSession session, IFtpUpload upload, DataConnection data, Func<int, long> count, CancellationTokenSource stop)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(FtpTransfer.Block);
        try
        {
            long length = 0;
            int read;
            while ((read = await FtpTransfer.ReceiveAsync(session, data, buffer, stop).ConfigureAwait(false)) > 0)
            {
                length = count(read);
                if (length > session.Services.Limits.MaxUploadBytes)
                    throw new FtpRefusedException(552, $"A file has at most {session.Services.Limits.MaxUploadBytes} bytes; it was discarded.");
                await upload.WriteAsync(buffer.AsMemory(0, read), stop.Token).ConfigureAwait(false);
            }
            return length;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static void CheckWhole(FtpSession session, long? expected, long length, DataConnection data)
    {
        if (session.DataIsProtected && session.Services.Options.RequireTlsClose && !data.EndIsProven)
            throw new FtpRefusedException(426, "The connection ended without the close of TLS, so the end may be missing; the file was discarded.");
        if (length < expected)
            throw new FtpRefusedException(426, $"ALLO announced {expected} bytes, {length} came; the file was discarded.");
        // A client that loses its control connection ends the data connection as if the file were whole. Who sent all of it waits for 226.
        if (session.Control.HasEnded)
            throw new FtpRefusedException(426, "The control connection ended before the file did; the file was discarded.");
    }
}
