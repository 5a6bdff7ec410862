using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Text;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.OpenSsl;
using Org.BouncyCastle.Pkcs;

namespace As2.Certificates;

/// <summary>Private keys in files: PKCS#8, PKCS#1 and SEC 1, encrypted or not, as PEM or DER. Recognised by content.</summary>
internal static class PrivateKeyFile
{
    private const string LegacyEncryption = "Proc-Type: 4,ENCRYPTED";

    /// <summary>True when the file holds a private key and no certificate.</summary>
    public static bool IsBareKey(ReadOnlyMemory<byte> content)
    {
        var text = Encoding.Latin1.GetString(content.Span);
        return content.Span.StartsWith((byte)0x30)
            ? IsDerKey(content)
            : text.Contains("PRIVATE KEY-----", StringComparison.Ordinal) && !text.Contains("CERTIFICATE-----", StringComparison.Ordinal);
    }

    /// <summary>The first private key, an <see cref="RSA"/> or an <see cref="ECDiffieHellman"/>; null where there is none.</summary>
    /// <exception cref="CryptographicException">It cannot be read, or the password is wrong.</exception>
    public static AsymmetricAlgorithm? Find(ReadOnlyMemory<byte> content, string? password)
    {
        if (content.Span.StartsWith((byte)0x30))
            return IsDerKey(content) ? FromDer(content, password) : null;
        var text = Encoding.Latin1.GetString(content.Span);
        if (text.Contains(LegacyEncryption, StringComparison.Ordinal))
            return FromLegacy(text, password);
        var rest = text.AsSpan();
        while (PemEncoding.TryFind(rest, out var fields))
        {
            if (rest[fields.Label].EndsWith("PRIVATE KEY"))
                return FromDer(Convert.FromBase64String(rest[fields.Base64Data].ToString()), password);
            rest = rest[fields.Location.End..];
        }
        return null;
    }

    // A certificate and a PKCS#7 begin with other elements, a PKCS#12 with the version 3.
    private static bool IsDerKey(ReadOnlyMemory<byte> der)
    {
        try
        {
            var fields = new AsnReader(der, AsnEncodingRules.BER).ReadSequence();
            return fields.PeekTag() == Asn1Tag.Integer ? fields.ReadInteger() < 3 : IsEncrypted(der);
        }
        catch (AsnContentException)
        {
            return false;
        }
    }

    /// <summary>EncryptedPrivateKeyInfo: an algorithm and an octet string (RFC 5958 §3).</summary>
    private static bool IsEncrypted(ReadOnlyMemory<byte> der)
    {
        var fields = new AsnReader(der, AsnEncodingRules.BER).ReadSequence();
        return fields.PeekTag() == Asn1Tag.Sequence && fields.ReadEncodedValue().Length > 0 && fields.HasData && fields.PeekTag() == Asn1Tag.PrimitiveOctetString;
    }

    private static AsymmetricAlgorithm FromDer(ReadOnlyMemory<byte> der, string? password)
    {
        var fields = new AsnReader(der, AsnEncodingRules.BER).ReadSequence();
        if (fields.PeekTag() == Asn1Tag.Sequence)
            return FromEither(key => key.ImportEncryptedPkcs8PrivateKey(password ?? "", der.Span, out _));
        fields.ReadInteger();
        if (fields.PeekTag() == Asn1Tag.Sequence)
            return FromEither(key => key.ImportPkcs8PrivateKey(der.Span, out _));
        if (fields.PeekTag() == Asn1Tag.Integer)
            return Imported(NewRsa(), key => key.ImportRSAPrivateKey(der.Span, out _));
        return Imported(ECDiffieHellman.Create(), key => key.ImportECPrivateKey(der.Span, out _));
    }

    private static AsymmetricAlgorithm FromEither(Action<AsymmetricAlgorithm> import)
    {
        try
        {
            return Imported(NewRsa(), import);
        }
        catch (CryptographicException)
        {
            // No RSA key, or a wrong password: the second try says which.
            return Imported(ECDiffieHellman.Create(), import);
        }
    }

    private static T Imported<T>(T key, Action<T> import)
        where T : AsymmetricAlgorithm
    {
        try
        {
            import(key);
            return key;
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }

    /// <summary>Importing a key tests its primes, some 80 ms; a certificate takes this kind as it is, any other it imports once more.</summary>
    private static RSA NewRsa() => OperatingSystem.IsLinux() ? new RSAOpenSsl() : RSA.Create();

    /// <summary>The encryption of old openssl releases (RFC 1421), which the platform does not read.</summary>
    private static AsymmetricAlgorithm FromLegacy(string text, string? password)
    {
        try
        {
            using var lines = new StringReader(text[text.LastIndexOf("-----BEGIN", text.IndexOf(LegacyEncryption, StringComparison.Ordinal), StringComparison.Ordinal)..]);
            using var reader = new PemReader(lines, new Password(password ?? ""));
            if (reader.ReadObject() is not AsymmetricCipherKeyPair pair)
                throw new CryptographicException("The encrypted key cannot be read.");
            return FromDer(PrivateKeyInfoFactory.CreatePrivateKeyInfo(pair.Private).GetDerEncoded(), password: null);
        }
        catch (Exception e) when (e is PemException or InvalidCipherTextException or IOException)
        {
            throw new CryptographicException($"The key cannot be decrypted: {e.Message}", e);
        }
    }

    private sealed class Password(string text) : IPasswordFinder
    {
        public char[] GetPassword() => text.ToCharArray();
    }
}
