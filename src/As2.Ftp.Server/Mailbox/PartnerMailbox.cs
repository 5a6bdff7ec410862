using As2.Ftp.Server.Files;
using As2.Routes;
using As2.Storage;
using As2.Telemetry;

namespace As2.Ftp.Server.Mailbox;

/// <summary>
/// The folders of a partner's account as FTP shows them. A whole upload into the outbox is a message before the client hears 226,
/// unless its name says that it is unfinished; then it is a message when it is renamed. The outbox may have sub-folders; the other
/// folders are for taking files out.
/// </summary>
/// <param name="user">The account.</param>
/// <param name="mailbox">Its files.</param>
/// <param name="storage">Their octets, and their messages.</param>
/// <param name="submitter">Makes messages.</param>
/// <param name="clock">The time of files that are no message yet.</param>
public sealed class PartnerMailbox(FtpUser user, IMailboxStore mailbox, StorageServices storage, IOutboxSubmitter submitter, TimeProvider clock)
    : IFtpFiles, IFtpPickups, IFtpFolders
{
    private readonly FtpUser _user = user;
    private readonly MailboxTree _tree = new(user.Account, mailbox, clock);

    /// <inheritdoc/>
    public async ValueTask<FtpEntry?> FindAsync(FtpPath path, CancellationToken cancellationToken)
    {
        if (path.Segments.Count == 0)
            return Folder("");
        if (await FindFileAsync(path, cancellationToken).ConfigureAwait(false) is { } file)
            return new FtpEntry(path.Name, false, file.Content.Length, file.Modified);
        return await _tree.HasFolderAsync(path, cancellationToken).ConfigureAwait(false) ? Folder(path.Name) : null;
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<FtpEntry>> ListAsync(FtpPath folder, CancellationToken cancellationToken)
    {
        return folder.Segments.Count == 0
            ? [.. MailboxFolder.All.Select(Folder)]
            : await _tree.ListAsync(folder, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask MakeAsync(FtpPath folder, CancellationToken cancellationToken) => _tree.MakeAsync(folder, cancellationToken);

    /// <inheritdoc/>
    public ValueTask RemoveAsync(FtpPath folder, CancellationToken cancellationToken) => _tree.RemoveAsync(folder, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<Stream> OpenReadAsync(FtpPath path, CancellationToken cancellationToken)
    {
        var file = await FindFileAsync(path, cancellationToken).ConfigureAwait(false) ?? throw NotThere(path);
        return await storage.Blobs.OpenReadAsync(file.Content, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<IFtpUpload> CreateAsync(FtpPath path, long? expectedLength, CancellationToken cancellationToken)
    {
        if (MailboxTree.Place(path) is not (MailboxFolder.Outbox, { Length: > 0 } name))
            throw new FtpRefusedException(550, "Files are taken in /outbox only; put it there to send it.");
        if (!await _tree.HasFolderAsync(path.Parent, cancellationToken).ConfigureAwait(false))
            throw new FtpRefusedException(550, $"{path.Parent} is not there; make it first.");
        if (await FindFileAsync(path, cancellationToken).ConfigureAwait(false) is { MessageId: not null })
            throw BeingSent(path);
        var (files, bytes) = await mailbox.MeasureAsync(_user.Account, cancellationToken).ConfigureAwait(false);
        if (files >= _user.MaxFiles)
            throw new FtpRefusedException(452, $"The account holds {files} files; take some of them and delete them first.");
        var room = _user.MaxBytes - bytes;
        if (room <= 0 || expectedLength > room)
            throw OverQuota(_user.MaxBytes);
        return new Upload(this, name, storage.Blobs.Create(expectedLength), room);
    }

    /// <inheritdoc/>
    public async ValueTask PickedUpAsync(FtpPath path, System.Net.IPEndPoint remote, CancellationToken cancellationToken)
    {
        _user.Used?.Invoke(FtpUse.PickUp);
        var file = await FindFileAsync(path, cancellationToken).ConfigureAwait(false);
        if (file?.MessageId is not { } id || await storage.Journal.GetAsync(id, cancellationToken).ConfigureAwait(false) is not { } message)
            return;
        using var span = As2Telemetry.Start(SpanNames.PickUp, System.Diagnostics.ActivityKind.Server, message.TraceParent, preferParent: true)?
            .SetTag(TagNames.Id, id).SetTag(TagNames.Account, _user.Account).SetTag(TagNames.File, path.ToString()).SetTag(TagNames.Bytes, file.Content.Length);
        await storage.Messages.ReconcileAsync(id, new Transition
        {
            From = [message.State],
            To = message.State,
            Job = JobOutcome.Continue,
            Events = [("picked-up", $"{path} by {_user.Account} from {remote.Address}, {file.Content.Length} bytes")],
        }, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<string> RenameAsync(FtpPath from, FtpPath to, CancellationToken cancellationToken)
    {
        if (await FindFileAsync(from, cancellationToken).ConfigureAwait(false) is not { } file)
            throw NotThere(from);
        if (file is { Folder: MailboxFolder.Outbox, MessageId: not null })
            throw BeingSent(from);
        if (MailboxTree.Place(to) is not (var folder, { Length: > 0 } name) || !MayMove(file.Folder, folder)
            || !await _tree.HasFolderAsync(to.Parent, cancellationToken).ConfigureAwait(false))
            throw new FtpRefusedException(553, "A file stays in its folder, except from /failed to /outbox, which sends it again.");
        if (await FindFileAsync(to, cancellationToken).ConfigureAwait(false) is not null)
            throw new FtpRefusedException(553, $"{to} exists; choose another name.");
        if (folder == MailboxFolder.Outbox && !MailboxTree.IsUnfinished(name))
            return await SendAsync(file, name, cancellationToken).ConfigureAwait(false);
        await MoveAsync(file, (folder, name), cancellationToken).ConfigureAwait(false);
        return "Renamed.";
    }

    /// <inheritdoc/>
    public async ValueTask DeleteAsync(FtpPath path, CancellationToken cancellationToken)
    {
        if (await FindFileAsync(path, cancellationToken).ConfigureAwait(false) is not { } file)
            throw NotThere(path);
        if (file is { Folder: MailboxFolder.Outbox, MessageId: not null })
            throw BeingSent(path);
        if (!await mailbox.RemoveAsync(_user.Account, file.Folder, file.Name, cancellationToken).ConfigureAwait(false))
            throw NotThere(path);
    }

    // The unfinished file goes and the message comes in one transaction: whenever we die, the file is there under one of its names.
    private async Task<string> SendAsync(MailboxFile file, string name, CancellationToken cancellationToken)
    {
        CrashPoint.Hit("O2");
        try
        {
            var outcome = await submitter.SubmitAsync(
                new OutboxFile(_user.Account, name, file.Content, (file.Folder, file.Name)), cancellationToken).ConfigureAwait(false);
            return outcome.IsAccepted ? outcome.Text : throw new FtpRefusedException(outcome.RefusalCode, outcome.Text);
        }
        catch (As2Exception gone) when (gone.Id == "AS2-STORE-013")
        {
            throw new FtpRefusedException(550, gone.Message);
        }
    }

    private async Task MoveAsync(MailboxFile file, (string Folder, string Name) to, CancellationToken cancellationToken)
    {
        if (!await mailbox.RenameAsync(_user.Account, (file.Folder, file.Name), to, cancellationToken).ConfigureAwait(false))
            throw new FtpRefusedException(550, $"{file.Name} is not there any more, or {to.Name} exists.");
    }

    private async Task<string> FinishAsync(string name, StoredContent content, CancellationToken cancellationToken)
    {
        if (!MailboxTree.IsUnfinished(name))
        {
            var outcome = await submitter.SubmitAsync(new OutboxFile(_user.Account, name, content), cancellationToken).ConfigureAwait(false);
            return outcome.IsAccepted ? outcome.Text : throw new FtpRefusedException(outcome.RefusalCode, outcome.Text);
        }
        var file = new MailboxFile(_user.Account, MailboxFolder.Outbox, name, content, clock.GetUtcNow(), null);
        if (!await mailbox.AddAsync(file, cancellationToken).ConfigureAwait(false))
        {
            // The same unfinished file once more: the newer one counts.
            await mailbox.RemoveAsync(_user.Account, MailboxFolder.Outbox, name, cancellationToken).ConfigureAwait(false);
            if (!await mailbox.AddAsync(file, cancellationToken).ConfigureAwait(false))
                throw new FtpRefusedException(450, $"{name} is being uploaded by another session.");
        }
        return "Stored. Rename it to its final name to send it.";
    }

    private ValueTask<MailboxFile?> FindFileAsync(FtpPath path, CancellationToken cancellationToken)
        => MailboxTree.Place(path) is (var folder, { Length: > 0 } name)
            ? mailbox.FindAsync(_user.Account, folder, name, cancellationToken)
            : new((MailboxFile?)null);

    private static bool MayMove(string from, string to) => from == to || (from, to) is (MailboxFolder.Failed, MailboxFolder.Outbox);

    private FtpEntry Folder(string name) => new(name, true, 0, clock.GetUtcNow());

    private static FtpRefusedException NotThere(FtpPath path) => new(550, $"{path} is not there.");

    private static FtpRefusedException OverQuota(long max)
        => new(552, $"The account holds at most {max} bytes; take files and delete them first. The upload was discarded.");

    private static FtpRefusedException BeingSent(FtpPath path) => new(550, $"{path} is being sent; it cannot be changed any more.");

    private sealed class Upload(PartnerMailbox mailbox, string name, BlobWriter blob, long room) : IFtpUpload
    {
        public ValueTask WriteAsync(ReadOnlyMemory<byte> octets, CancellationToken cancellationToken)
        {
            if (blob.Length + octets.Length > room)
                throw OverQuota(mailbox._user.MaxBytes);
            blob.Push(octets.Span);
            return ValueTask.CompletedTask;
        }

        public async ValueTask<string> CompleteAsync(CancellationToken cancellationToken)
        {
            var content = await blob.CommitAsync(cancellationToken).ConfigureAwait(false);
            return await mailbox.FinishAsync(name, content, cancellationToken).ConfigureAwait(false);
        }

        public ValueTask DisposeAsync() => blob.DisposeAsync();
    }
}
