using System.Security.Cryptography;

namespace As2.Storage;

/// <summary>The SHA-256 of a content as text: known, or taken when somebody asks for it first. Equal where the texts are.</summary>
internal sealed class ContentDigest : IEquatable<ContentDigest>
{
    public static readonly ContentDigest None = new("");

    private readonly HeldOctets _held;
    private readonly ReadOnlyMemory<byte>? _octets;
    private string? _text;

    public ContentDigest(string text) => _text = text;

    public ContentDigest(HeldOctets held) => _held = held;

    public ContentDigest(ReadOnlyMemory<byte> octets) => _octets = octets;

    public string Text => _text ??= Of(_octets is { } octets ? octets.Span : _held.ToArray());

    public static string Of(ReadOnlySpan<byte> octets)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(octets, digest);
        return Convert.ToHexStringLower(digest);
    }

    public bool Equals(ContentDigest? other) => other is not null && Text == other.Text;

    public override bool Equals(object? obj) => Equals(obj as ContentDigest);

    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);
}
