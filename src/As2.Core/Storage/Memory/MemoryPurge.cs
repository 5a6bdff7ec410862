namespace As2.Storage;

/// <summary>What an <see cref="InMemoryStore"/> forgets, under its lock.</summary>
internal static class MemoryPurge
{
    /// <summary>True when the record is to go.</summary>
    public static bool IsForgotten(StoredMessage message, RetentionPolicy policy, DateTimeOffset now)
        => message.State.IsFinal() && message.Changed + policy.Records <= now;

    /// <summary>True when contents are still there to go.</summary>
    public static bool IsPurgeable(StoredMessage message, RetentionPolicy policy, DateTimeOffset now)
        => message.State.IsFinal() && message.Changed + policy.Contents <= now
            && (message.Payloads.Any(p => !p.Content.IsPurged) || message.Wire is { Body.IsPurged: false });

    public static StoredMessage WithoutContents(StoredMessage message) => message with
    {
        Payloads = [.. message.Payloads.Select(p => p with { Content = p.Content.Purge() })],
        Wire = message.Wire is { } wire ? wire with { Body = wire.Body.Purge() } : null,
    };

    public static bool Names(StoredMessage message, string blob) => BlobsOf(message).Contains(blob);

    /// <summary>The blobs that its contents are in.</summary>
    public static IEnumerable<string> BlobsOf(StoredMessage message)
        => message.Payloads.Select(p => p.Content.BlobName).Append(message.Wire?.Body.BlobName).Append(message.Receipt?.Body.BlobName).OfType<string>();
}
