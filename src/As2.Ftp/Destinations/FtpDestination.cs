using System.Security.Cryptography;
using As2.Payloads;
using As2.Routes;
using As2.Storage;

namespace As2.Ftp.Destinations;

/// <summary>
/// Puts files into a folder outside, each exactly once, by two steps with a fence: payloads of received messages, and for a message
/// that came from here its receipt, status and, after a failure, the file with the reason (<see cref="RouteFile.Of"/>).
/// 1 upload under a temporary name that holds the fence, and compare the size →
/// checkpoint the temporary and final names (a former owner is refused here) →
/// 2 rename. The rename is the delivery: a temporary file that is gone after the checkpoint was renamed, by us or by a predecessor,
/// even when the reader took the final file already. Asking whether the final file is there would deliver twice.
/// Thread-safe.
/// </summary>
public sealed class FtpDestination : IPayloadDestination
{
    private const string Marker = "as2-marker";
    private const int MaxNumbers = 10_000;

    private readonly FtpDestinationOptions _options;
    private readonly MailboxConnections _connections;
    private readonly TemporaryFiles _temporary;

    /// <summary>Creates the route.</summary>
    /// <param name="options">Where.</param>
    /// <param name="clock">Default: the system's.</param>
    public FtpDestination(FtpDestinationOptions options, TimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        clock ??= TimeProvider.System;
        (_options, _connections, _temporary) = (options, new MailboxConnections(options.Connect, clock), new TemporaryFiles(options, clock));
    }

    /// <inheritdoc/>
    public string Name => _options.Name;

    /// <inheritdoc/>
    public async ValueTask<DeliveryOutcome> DeliverAsync(Delivery delivery, CancellationToken cancellationToken)
        => await _connections.UseAsync(client => DeliverAsync(client, delivery, cancellationToken), cancellationToken).ConfigureAwait(false);

    private async Task<DeliveryOutcome> DeliverAsync(IMailboxClient client, Delivery delivery, CancellationToken cancellationToken)
    {
        var note = UploadNote.Parse(delivery.Note);
        if (note is null)
        {
            note = await UploadAsync(client, delivery, cancellationToken).ConfigureAwait(false);
            if (!await delivery.CheckpointAsync(note.ToString(), cancellationToken).ConfigureAwait(false))
                return await WithdrawAsync(client, note, cancellationToken).ConfigureAwait(false);
        }
        foreach (var (temporary, final) in note.Files)
        {
            if (!await PublishAsync(client, temporary, final, cancellationToken).ConfigureAwait(false))
                return DeliveryOutcome.NotYet(
                    $"cannot tell whether {final} was delivered: neither its temporary file nor {_options.TemporaryPathOf(Marker)} is there. Was the server wiped? Put the marker file back if {final} was taken.");
        }
        return DeliveryOutcome.Delivered($"to {Name}: {string.Join(", ", note.Files.Select(file => file.Final))}");
    }

    // Step 1.
    private async Task<UploadNote> UploadAsync(IMailboxClient client, Delivery delivery, CancellationToken cancellationToken)
    {
        await PrepareAsync(client, delivery, cancellationToken).ConfigureAwait(false);
        var files = new List<(string Temporary, string Final)>();
        foreach (var file in RouteFile.Of(delivery.Message, _options.Naming))
        {
            var temporary = _temporary.NewName(delivery);
            var path = _options.TemporaryPathOf(temporary);
            await SendAsync(client, path, () => delivery.OpenAsync(file.Content, cancellationToken), cancellationToken).ConfigureAwait(false);
            if (await client.GetSizeAsync(path, cancellationToken).ConfigureAwait(false) is var size && size != file.Content.Length)
                throw new FtpException(FtpFailure.Protocol, $"{path} has {size?.ToString() ?? "no"} bytes after the upload of {file.Content.Length}.");
            if (_options.ReadsBack && await ReadBackAsync(client, path, cancellationToken).ConfigureAwait(false) is var sha256 && sha256 != file.Content.Sha256)
                throw new FtpException(FtpFailure.Protocol, $"{path} reads back as SHA-256 {sha256}, not as {file.Content.Sha256}.");
            var wanted = delivery.Message.Key.Direction == MessageDirection.Inbound ? file.Path : _options.ReportPathOf(file.Path);
            files.Add((temporary, await ChooseAsync(client, wanted, files, cancellationToken).ConfigureAwait(false)));
        }
        return new UploadNote(files);
    }

    // A server may refuse a data connection for its TLS session once; the client has then connected anew, and the content begins anew.
    private static async Task SendAsync(IMailboxClient client, string path, Func<ValueTask<Stream>> open, CancellationToken cancellationToken)
    {
        for (var isFirst = true; ; isFirst = false)
        {
            await using var content = CrashPoint.Midway(await open().ConfigureAwait(false), "D1");
            try
            {
                await client.UploadAsync(path, content, cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (FtpException refused) when (isFirst && refused.Code is (425 or 522))
            {
                // Once more.
            }
        }
    }

    private static async Task<string> ReadBackAsync(IMailboxClient client, string path, CancellationToken cancellationToken)
    {
        using var digest = SHA256.Create();
        await using (var target = new CryptoStream(Stream.Null, digest, CryptoStreamMode.Write))
            await client.DownloadAsync(path, target, cancellationToken).ConfigureAwait(false);
        return Convert.ToHexStringLower(digest.Hash!);
    }

    // The marker proves later that the folder is still the one we uploaded to.
    private async Task PrepareAsync(IMailboxClient client, Delivery delivery, CancellationToken cancellationToken)
    {
        if (await client.GetSizeAsync(_options.TemporaryPathOf(Marker), cancellationToken).ConfigureAwait(false) is null)
        {
            await RemotePath.EnsureFolderAsync(client, _options.EffectiveTemporaryFolder, cancellationToken).ConfigureAwait(false);
            using var text = new MemoryStream("Keep this file: it tells the AS2 gateway that this folder is the same as before.\n"u8.ToArray());
            await client.UploadAsync(_options.TemporaryPathOf(Marker), text, cancellationToken).ConfigureAwait(false);
        }
        await _temporary.SweepAsync(client, delivery, cancellationToken).ConfigureAwait(false);
    }

    private async Task<string> ChooseAsync(
        IMailboxClient client, string wanted, List<(string Temporary, string Final)> chosen, CancellationToken cancellationToken)
    {
        if (RemotePath.Parents(wanted).LastOrDefault() is { } folder)
            await RemotePath.EnsureFolderAsync(client, _options.PathOf(folder), cancellationToken).ConfigureAwait(false);
        var numbers = _options.Collision == NameCollision.Number ? MaxNumbers : 1;
        for (var number = 1; number <= numbers; number++)
        {
            var candidate = Numbered(wanted, number);
            if (chosen.All(file => file.Final != candidate)
                && await client.GetSizeAsync(_options.PathOf(candidate), cancellationToken).ConfigureAwait(false) is null)
                return candidate;
        }
        throw new FtpException(FtpFailure.Refused, $"{_options.PathOf(wanted)} is taken{(numbers > 1 ? $", and {numbers} numbered forms of it" : "; it is tried again when it is free")}.");
    }

    private static string Numbered(string path, int number)
    {
        var slash = path.LastIndexOf('/') + 1;
        return path[..slash] + FileNamePolicy.Numbered(path[slash..], number);
    }

    // Step 2. True: delivered. False: the temporary file is gone and so is the proof that it was renamed.
    private async Task<bool> PublishAsync(IMailboxClient client, string temporary, string final, CancellationToken cancellationToken)
    {
        if (await IsThereAsync(client, temporary, cancellationToken).ConfigureAwait(false))
        {
            try
            {
                await client.RenameAsync(_options.TemporaryPathOf(temporary), _options.PathOf(final), cancellationToken).ConfigureAwait(false);
                return true;
            }
            catch (FtpException refused) when (refused.Failure == FtpFailure.Refused)
            {
                // Another owner was quicker, or the server does not let us: the temporary file tells.
                if (await IsThereAsync(client, temporary, cancellationToken).ConfigureAwait(false))
                    throw;
            }
        }
        return await IsThereAsync(client, Marker, cancellationToken).ConfigureAwait(false);
    }

    private async Task<bool> IsThereAsync(IMailboxClient client, string name, CancellationToken cancellationToken)
        => await client.GetSizeAsync(_options.TemporaryPathOf(name), cancellationToken).ConfigureAwait(false) is not null;

    private async Task<DeliveryOutcome> WithdrawAsync(IMailboxClient client, UploadNote note, CancellationToken cancellationToken)
    {
        foreach (var (temporary, _) in note.Files)
            await client.DeleteAsync(_options.TemporaryPathOf(temporary), cancellationToken).ConfigureAwait(false);
        return DeliveryOutcome.NotYet("another worker has taken over");
    }
}
