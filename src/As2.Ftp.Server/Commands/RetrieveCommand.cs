using System.Buffers;
using As2.Ftp.Server.Connections;
using As2.Ftp.Server.Files;

namespace As2.Ftp.Server.Commands;

/// <summary>RETR, from the offset that REST gave.</summary>
internal static class RetrieveCommand
{
    public static async ValueTask<FtpReply?> RunAsync(FtpSession session, string argument, CancellationToken cancellationToken)
    {
        var passive = session.TakePassive();
        var offset = session.RestartAt;
        session.ForgetTransfer();
        var path = session.Folder.Resolve(argument);
        if (await session.Files.FindAsync(path, cancellationToken).ConfigureAwait(false) is not { IsFolder: false } entry)
            return new FtpReply(550, $"{path} is not there.");
        if (offset > entry.Length)
            return new FtpReply(554, $"The file has {entry.Length} bytes; it cannot begin at {offset}.");
        await using var content = await session.Files.OpenReadAsync(path, cancellationToken).ConfigureAwait(false);
        await SkipAsync(content, offset, cancellationToken).ConfigureAwait(false);
        return await FtpTransfer.RunAsync(session, passive, $"{path.Name} ({entry.Length} bytes)", async (data, stop) =>
        {
            var length = await FtpTransfer.SendAsync(session, content, data, stop).ConfigureAwait(false);
            FtpServerLog.Downloaded(session.Log, session.Id, session.Account!.Name, path.ToString(), length, offset);
            if (session.Files is IFtpPickups pickups && offset + length == entry.Length)
                await pickups.PickedUpAsync(path, session.Remote, CancellationToken.None).ConfigureAwait(false);
            return new FtpReply(226, $"{length} bytes sent.");
        }, cancellationToken).ConfigureAwait(false);
    }

    private static async Task SkipAsync(Stream content, long offset, CancellationToken cancellationToken)
    {
        if (content.CanSeek)
        {
            content.Seek(offset, SeekOrigin.Begin);
            return;
        }
        var buffer = ArrayPool<byte>.Shared.Rent(FtpTransfer.Block);
        try
        {
            while (offset > 0)
            {
                var wanted = (int)Math.Min(offset, buffer.Length);
                await content.ReadExactlyAsync(buffer.AsMemory(0, wanted), cancellationToken).ConfigureAwait(false);
                offset -= wanted;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
