using System.Security.Cryptography;
using System.Text;
using As2;

namespace ManagedGateway.Secrets;

/// <summary>
/// Encrypts secrets for the disk: AES-256-GCM under a random key of each secret's own, which is itself encrypted (AES-256-GCM) under the
/// <see cref="SecretKey"/>. Both are bound to what the secret is and whose: taken elsewhere it does not open. While secrets pass to another key
/// (<see cref="SecretRotation"/>), both keys open. Thread-safe.
/// </summary>
internal sealed class SecretBox
{
    private const string Prefix = "sealed:v1:";
    private const int Nonce = 12, Tag = 16, Wrapped = Nonce + SecretKey.Bytes + Tag;

    // Made or read when the first secret appears.
    private readonly Lazy<byte[]> _key;
    private readonly Lazy<byte[]?> _other;

    public SecretBox(string data)
        : this(() => SecretKey.Load(data), key => SecretRotation.OtherKey(data, key))
    {
    }

    private SecretBox(Func<byte[]> key, Func<byte[], byte[]?> other)
    {
        _key = new(key);
        _other = new(() => other(_key.Value));
    }

    /// <summary>A box with a key that is at hand.</summary>
    public static SecretBox Of(byte[] key) => new(() => key, _ => null);

    /// <summary>Whether a text is a sealed secret.</summary>
    public static bool IsSealed(ReadOnlySpan<char> text) => text.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>Whether a file's content is a sealed secret.</summary>
    public static bool IsSealed(ReadOnlySpan<byte> content) => content.StartsWith("sealed:v1:"u8);

    /// <summary>Seals a secret.</summary>
    /// <param name="secret">The octets.</param>
    /// <param name="id">Whose it is; needed again to open it.</param>
    /// <param name="kind">What it is; needed again to open it.</param>
    public string Seal(ReadOnlySpan<byte> secret, string id, string kind)
    {
        var bound = Bound(id, kind);
        var own = RandomNumberGenerator.GetBytes(SecretKey.Bytes);
        var whole = new byte[Wrapped + Nonce + secret.Length + Tag];
        Encrypt(_key.Value, own, bound, whole.AsSpan(0, Wrapped));
        Encrypt(own, secret, bound, whole.AsSpan(Wrapped));
        CryptographicOperations.ZeroMemory(own);
        return Prefix + Convert.ToBase64String(whole);
    }

    /// <inheritdoc cref="Seal(ReadOnlySpan{byte}, string, string)"/>
    public string Seal(string secret, string id, string kind) => Seal(Encoding.UTF8.GetBytes(secret), id, kind);

    /// <summary>Opens a sealed secret.</summary>
    /// <exception cref="As2Exception">GW-SECRET-002: it was sealed with another key, for another place, or was altered.</exception>
    public byte[] Open(string text, string id, string kind)
    {
        try
        {
            var (whole, bound) = (Parse(text), Bound(id, kind));
            var own = Unwrap(_key.Value, whole, bound) ?? (_other.Value is { } other ? Unwrap(other, whole, bound) : null)
                ?? throw new CryptographicException("No key that is here opens it.");
            return Decrypt(own, whole.AsSpan(Wrapped), bound);
        }
        catch (Exception e) when (e is CryptographicException or FormatException or ArgumentException)
        {
            throw new As2Exception("GW-SECRET-002", $"The secret {kind} of {id} does not open: it was sealed with another key ({SecretKey.FileName}), for another place, or was altered. Put the right key back, or set the secret anew.", e);
        }
    }

    /// <summary>The same secret under this box's key: its own key is sealed anew, what that encrypts stays.</summary>
    /// <param name="text">The sealed secret.</param>
    /// <param name="old">Opens it now.</param>
    /// <param name="id">Whose it is.</param>
    /// <param name="kind">What it is.</param>
    /// <returns>Null: this box's key opens it already.</returns>
    /// <exception cref="As2Exception">GW-SECRET-002.</exception>
    public string? Rewrap(string text, SecretBox old, string id, string kind)
    {
        // It must be whole before it is handled: what is damaged now would be found when nobody has the old key any more.
        old.Open(text, id, kind);
        var (whole, bound) = (Parse(text), Bound(id, kind));
        if (Unwrap(_key.Value, whole, bound) is not null)
            return null;
        var own = Unwrap(old._key.Value, whole, bound) ?? Unwrap(old._other.Value!, whole, bound)!;
        Encrypt(_key.Value, own, bound, whole.AsSpan(0, Wrapped));
        CryptographicOperations.ZeroMemory(own);
        return Prefix + Convert.ToBase64String(whole);
    }

    /// <inheritdoc cref="Open"/>
    public string OpenText(string text, string id, string kind) => Encoding.UTF8.GetString(Open(text, id, kind));

    private static byte[] Parse(string text) => Convert.FromBase64String(text.AsSpan(Prefix.Length).Trim().ToString());

    private static byte[]? Unwrap(byte[] key, byte[] whole, byte[] bound)
    {
        try
        {
            return Decrypt(key, whole.AsSpan(0, Wrapped), bound);
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    private static void Encrypt(byte[] key, ReadOnlySpan<byte> plain, byte[] bound, Span<byte> target)
    {
        using var cipher = new AesGcm(key, Tag);
        RandomNumberGenerator.Fill(target[..Nonce]);
        cipher.Encrypt(target[..Nonce], plain, target.Slice(Nonce, plain.Length), target[^Tag..], bound);
    }

    private static byte[] Decrypt(byte[] key, ReadOnlySpan<byte> whole, byte[] bound)
    {
        using var cipher = new AesGcm(key, Tag);
        var plain = new byte[whole.Length - Nonce - Tag];
        cipher.Decrypt(whole[..Nonce], whole[Nonce..^Tag], whole[^Tag..], plain, bound);
        return plain;
    }

    // Lengths stand before the texts: no two places have the same octets.
    private static byte[] Bound(string id, string kind) => Encoding.UTF8.GetBytes($"{id.Length}:{id}{kind.Length}:{kind}");
}
