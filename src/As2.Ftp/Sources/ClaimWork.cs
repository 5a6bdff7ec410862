using As2.Storage;
using Microsoft.Extensions.Logging;

namespace As2.Ftp.Sources;

/// <summary>What is done with a claimed file: 3 download, 4 make it a message, 5 put it away. Each step may be done again after a crash.</summary>
internal sealed class ClaimWork(FtpSourceOptions options, IBlobStore blobs, TakeFile take, ILogger log)
{
    /// <summary>True: it is a message. False: it is gone, was put back, or was refused.</summary>
    /// <param name="client">The connection.</param>
    /// <param name="claim">The claim.</param>
    /// <param name="seen">The length in the listing before the claim; null: not known any more.</param>
    /// <param name="cancellationToken">Ends the work; the claim is taken up again.</param>
    public async Task<bool> FinishAsync(IMailboxClient client, FileClaim claim, long? seen, CancellationToken cancellationToken)
    {
        if (await client.GetSizeAsync(options.PathOf(claim), cancellationToken).ConfigureAwait(false) is not { } size)
        {
            await DeleteAsync(client, options.PathOf(options.TriggerOf(claim)), cancellationToken).ConfigureAwait(false);
            return false;
        }
        if (seen is not null && seen != size)
            return await PutBackAsync(client, claim, cancellationToken).ConfigureAwait(false);
        var content = await DownloadAsync(client, claim, size, cancellationToken).ConfigureAwait(false);
        CrashPoint.Hit("O2");
        var outcome = await take(new SourceFile(options.Name, claim.Key, claim.Name, content), cancellationToken).ConfigureAwait(false);
        CrashPoint.Hit("O3");
        FtpSourceLog.Taken(log, options.Name, claim.Name, size, outcome.Text);
        await PutAwayAsync(client, claim, outcome, cancellationToken).ConfigureAwait(false);
        return outcome.IsAccepted;
    }

    private async Task<StoredContent> DownloadAsync(IMailboxClient client, FileClaim claim, long size, CancellationToken cancellationToken)
    {
        await using var writer = blobs.Create(size);
        await using (var target = new SinkStream(writer))
            await client.DownloadAsync(options.PathOf(claim), target, cancellationToken).ConfigureAwait(false);
        return writer.Length == size
            ? await writer.CommitAsync(cancellationToken).ConfigureAwait(false)
            : throw new FtpException(FtpFailure.Protocol, $"{claim.Name}: {writer.Length} of {size} bytes came.");
    }

    // It grew between the look and the claim: its writer is not done. It goes back under its name, for a later look.
    private async Task<bool> PutBackAsync(IMailboxClient client, FileClaim claim, CancellationToken cancellationToken)
    {
        FtpSourceLog.StillGrowing(log, options.Name, claim.Name);
        var original = RemotePath.Join(options.Folder, claim.Name);
        if (await client.GetSizeAsync(original, cancellationToken).ConfigureAwait(false) is null)
            await client.RenameAsync(options.PathOf(claim), original, cancellationToken).ConfigureAwait(false);
        return false;
    }

    private async Task PutAwayAsync(IMailboxClient client, FileClaim claim, SourceOutcome outcome, CancellationToken cancellationToken)
    {
        if ((outcome.IsAccepted ? options.DoneFolder : options.EffectiveFailedFolder) is { } folder)
        {
            await RemotePath.EnsureFolderAsync(client, folder, cancellationToken).ConfigureAwait(false);
            var path = RemotePath.Join(folder, claim.Name);
            if (await client.GetSizeAsync(path, cancellationToken).ConfigureAwait(false) is not null)
                path = RemotePath.Join(folder, claim.FileName);
            if (!outcome.IsAccepted)
            {
                using var reason = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(outcome.Text + "\r\n"));
                await client.UploadAsync(path + ".reason.txt", reason, cancellationToken).ConfigureAwait(false);
            }
            await client.RenameAsync(options.PathOf(claim), path, cancellationToken).ConfigureAwait(false);
        }
        else
            await DeleteAsync(client, options.PathOf(claim), cancellationToken).ConfigureAwait(false);
        if (options.Completion == FileCompletion.TriggerFile)
            await DeleteAsync(client, options.PathOf(options.TriggerOf(claim)), cancellationToken).ConfigureAwait(false);
    }

    private static async Task DeleteAsync(IMailboxClient client, string path, CancellationToken cancellationToken)
    {
        try
        {
            await client.DeleteAsync(path, cancellationToken).ConfigureAwait(false);
        }
        catch (FtpException gone) when (gone.Failure == FtpFailure.Refused)
        {
            // Another node of ours put it away, or it never was. If it is there and cannot be deleted, the next look takes it up again and says so.
        }
    }
}
