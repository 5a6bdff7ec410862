using System.Security.Cryptography;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Parameters;

namespace As2.Layers;

/// <summary>Wraps a content key by another key: AES (RFC 3394), and Triple DES (RFC 3217) for what old peers send.</summary>
internal static class KeyWrap
{
    private const string Aes128 = "2.16.840.1.101.3.4.1.5";
    private const string Aes192 = "2.16.840.1.101.3.4.1.25";
    private const string Aes256 = "2.16.840.1.101.3.4.1.45";
    private const string TripleDes = "1.2.840.113549.1.9.16.3.6";

    /// <summary>The wrap that is as strong as the key it wraps.</summary>
    public static string For(int keyLength) => keyLength switch
    {
        16 => Aes128,
        24 => Aes192,
        _ => Aes256,
    };

    /// <summary>Bytes of the wrapping key.</summary>
    public static int KeyLength(string oid) => oid switch
    {
        Aes128 => 16,
        Aes192 or TripleDes => 24,
        Aes256 => 32,
        _ => throw new CryptographicException($"Key wrap {oid} is not known here."),
    };

    public static string NameOf(string oid) => oid == TripleDes ? "3des-wrap" : $"aes{KeyLength(oid) * 8}-wrap";

    public static byte[] Wrap(string oid, byte[] kek, byte[] key) => Engine(oid, kek, wrapping: true).Wrap(key, 0, key.Length);

    /// <exception cref="InvalidCipherTextException">The checksum does not fit: another key wrapped it.</exception>
    public static byte[] Unwrap(string oid, byte[] kek, byte[] wrapped) => Engine(oid, kek, wrapping: false).Unwrap(wrapped, 0, wrapped.Length);

    private static IWrapper Engine(string oid, byte[] kek, bool wrapping)
    {
        IWrapper engine = oid == TripleDes ? new DesEdeWrapEngine() : new AesWrapEngine();
        engine.Init(wrapping, new KeyParameter(kek));
        return engine;
    }
}
