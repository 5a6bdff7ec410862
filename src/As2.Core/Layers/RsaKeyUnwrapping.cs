using System.Security.Cryptography;
using As2.Certificates;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Encodings;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Security;

namespace As2.Layers;

/// <summary>Decrypts a content key with an RSA key: RSAES-PKCS1-v1_5 or RSAES-OAEP (RFC 8017 §7).</summary>
internal static class RsaKeyUnwrapping
{
    /// <summary>The length of the key and how it travelled; length 0 when it could not be decrypted.</summary>
    public static (int Length, string Transport) Unwrap(KeyTransportRecipient recipient, As2Certificate certificate, Span<byte> output)
    {
        var padding = RsaPadding.Read(recipient.Algorithm);
        if (certificate.RsaPrivateKey is not { } rsa)
            return (0, padding.Name);
        try
        {
            return (Decrypt(rsa, padding, recipient.EncryptedKey, output), padding.Name);
        }
        catch (Exception rejected) when (rejected is CryptographicException or InvalidCipherTextException or CryptoException)
        {
            // Must look like a key that turns out wrong; the caller has its random one at hand.
            return (0, padding.Name);
        }
    }

    private static int Decrypt(RSA rsa, RsaPadding padding, ReadOnlyMemory<byte> encryptedKey, Span<byte> output)
    {
        if (padding.Platform is { } platform)
            return rsa.TryDecrypt(encryptedKey.Span, output, platform, out var length) ? length : 0;
        // Two different hashes, or a label: the platform has no way to say so.
        var oaep = new OaepEncoding(
            new RsaBlindedEngine(), Digester.Managed(padding.Hash), Digester.Managed(padding.MaskHash), padding.Label);
        oaep.Init(false, DotNetUtilities.GetRsaKeyPair(rsa.ExportParameters(true)).Private);
        var key = oaep.ProcessBlock(encryptedKey.ToArray(), 0, encryptedKey.Length);
        key.CopyTo(output);
        return key.Length;
    }
}
