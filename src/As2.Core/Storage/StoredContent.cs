namespace As2.Storage;

/// <summary>
/// Content that is durable: inline in its row when small, otherwise a blob. Once purged by the retention policy its length and
/// digest stay as evidence. Immutable.
/// </summary>
public sealed record StoredContent
{
    /// <summary>The largest content kept inline, in bytes.</summary>
    public const int MaxInlineBytes = 128 << 10;

    private ContentDigest _digest = ContentDigest.None;

    /// <summary>Length in bytes.</summary>
    public required long Length { get; init; }

    /// <summary>SHA-256, lower-case hexadecimal.</summary>
    public required string Sha256
    {
        get => _digest.Text;
        init => _digest = value.Length == 0 ? ContentDigest.None : new ContentDigest(value);
    }

    /// <summary>
    /// The content itself when it is at most <see cref="MaxInlineBytes"/> long; otherwise null. From an <see cref="InMemoryStore"/> each call
    /// gives a copy.
    /// </summary>
    public ReadOnlyMemory<byte>? Inline
    {
        get => Held is { } held ? held.ToArray() : field;
        init
        {
            field = value;
            Held = null;
        }
    }

    /// <summary>The content where a store in memory keeps it, in place of <see cref="Inline"/>.</summary>
    internal HeldOctets? Held { get; private init; }

    /// <summary>The name of the blob that holds the content; null when it is inline. Made by the store, never from remote text.</summary>
    public string? BlobName { get; init; }

    /// <summary>True when the retention policy removed the octets.</summary>
    public bool IsPurged => Held is null && Inline is null && BlobName is null;

    /// <summary>What is left of it after a purge: length and digest.</summary>
    public StoredContent Purge() => this with { Sha256 = Sha256, Inline = null, BlobName = null };

    /// <summary>Bounded content, such as a receipt, kept inline whatever its length. Hashed when somebody asks for its digest.</summary>
    public static StoredContent FromBytes(ReadOnlyMemory<byte> octets)
        => new() { Length = octets.Length, Sha256 = "", Inline = octets, _digest = new ContentDigest(octets) };

    /// <summary>
    /// Content that stays in memory, outside of the collected heap, hashed when somebody asks for its digest: as a rule nobody does.
    /// </summary>
    internal static StoredContent Hold(ReadOnlySpan<byte> octets)
    {
        var held = HeldBlock.Hold(octets);
        return new() { Length = octets.Length, Sha256 = "", Held = held, _digest = new ContentDigest(held) };
    }

    /// <summary>Makes the digest, if nobody asked for it yet.</summary>
    internal void Hash() => _ = _digest.Text;

    /// <summary>The same content where a store in memory keeps it; what is a blob stays one.</summary>
    internal StoredContent Hold() => Held is null && Inline is { } octets ? Hold(octets.Span) : this;
}
