using System.Security.Cryptography;

namespace As2.Layers;

/// <summary>The key of encrypted content; wiped at the end.</summary>
/// <param name="Octets">The key, or random octets where none was found.</param>
/// <param name="Transport">How it travelled, in plain words.</param>
/// <param name="Fault">For our operator: why there is no key, as far as the message itself says so. Null where there may be one.</param>
internal sealed record ContentKey(byte[] Octets, string Transport, string? Fault = null) : IDisposable
{
    /// <summary>What a cipher with a key length of the sender's choice gets when there is no key.</summary>
    private const int FallbackLength = 16;

    /// <summary>Random octets in the length that the cipher needs (RFC 3218 §2.3.2): drawn before any unwrapping, so that failing costs nothing more.</summary>
    public static byte[] Random(ContentCipher cipher) => RandomNumberGenerator.GetBytes(cipher.KeyLength == 0 ? FallbackLength : cipher.KeyLength);

    /// <summary>The unwrapped octets where they can be a key of this cipher, else the random ones.</summary>
    public static byte[] Choose(ContentCipher cipher, ReadOnlySpan<byte> unwrapped, byte[] random)
    {
        var fits = cipher.KeyLength == 0 ? unwrapped.Length is >= 5 and <= 128 : unwrapped.Length == cipher.KeyLength;
        if (!fits)
            return random;
        if (unwrapped.Length != random.Length)
            return unwrapped.ToArray();
        unwrapped.CopyTo(random);
        return random;
    }

    public void Dispose() => CryptographicOperations.ZeroMemory(Octets);
}
