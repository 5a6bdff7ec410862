using System.Formats.Asn1;
using System.Security.Cryptography;
using As2.Certificates;

namespace As2.Layers;

/// <summary>
/// Finds the content key with the keys we hold. It never fails: what it cannot unwrap it replaces by random octets, so that a forger
/// cannot tell a rejected padding from a wrong key (RFC 3218 §2.3).
/// </summary>
internal static class ContentKeyFinder
{
    public static ContentKey Find(IReadOnlyList<RecipientInfo> recipients, IReadOnlyList<As2Certificate> held, ContentEncryption encryption)
    {
        var random = ContentKey.Random(encryption.Cipher);
        for (var i = 0; i < recipients.Count; i++)
        {
            for (var j = 0; j < held.Count; j++)
            {
                if (recipients[i].Names(held[j]))
                    return Unwrap(recipients[i], held[j], encryption.Cipher, random);
            }
        }
        return new ContentKey(random, "no key", NotForUs(recipients, held));
    }

    private static ContentKey Unwrap(RecipientInfo recipient, As2Certificate certificate, ContentCipher cipher, byte[] random)
    {
        Span<byte> output = stackalloc byte[2048];
        var (length, transport) = (0, "unreadable key transport");
        try
        {
            (length, transport) = recipient switch
            {
                KeyTransportRecipient rsa => RsaKeyUnwrapping.Unwrap(rsa, certificate, output),
                KeyAgreementRecipient ec => KeyAgreement.Unwrap(ec, certificate, output),
                _ => default,
            };
        }
        catch (Exception malformed) when (malformed is AsnContentException or CryptographicException)
        {
            // The one path: from here on the random key stands in for the one that could not be read.
        }
        var key = new ContentKey(ContentKey.Choose(cipher, output[..length], random), transport);
        CryptographicOperations.ZeroMemory(output);
        return key;
    }

    private static string NotForUs(IReadOnlyList<RecipientInfo> recipients, IReadOnlyList<As2Certificate> held)
    {
        var named = string.Join("; ", recipients.Select(r => r.Description));
        var holding = string.Join("; ", held.Select(c => c.IssuerAndSerialText));
        return $"Encrypted to {(named.Length == 0 ? "nobody named by certificate" : named)}; we hold {(holding.Length == 0 ? "no key" : holding)}.";
    }
}
