using As2.Payloads;
using As2.Storage;

namespace As2.Routes;

/// <summary>A file that a route puts into a folder.</summary>
/// <param name="Path">Its path below the route's folder: safe segments, separated by slashes.</param>
/// <param name="Content">Its octets.</param>
public sealed record RouteFile(string Path, StoredContent Content)
{
    /// <summary>
    /// What a route has to hand over: the payloads of a received message; of a sent one what its submitter is told: the receipt and the
    /// status in <c>receipts</c>, and in <c>failed</c> the file itself with the reason when it failed.
    /// </summary>
    public static IReadOnlyList<RouteFile> Of(StoredMessage message, FileNamePattern naming)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(naming);
        return message.Key.Direction == MessageDirection.Inbound
            ? [.. message.Payloads.Select(payload => new RouteFile(naming.Format(payload, message), payload.Content))]
            : [.. SubmissionReport.Files(message).Select(file => new RouteFile($"{file.Folder}/{file.Name}", file.Content))];
    }
}
