using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using As2.Agreements;

namespace As2.Layers;

/// <summary>A message digest with all its names: the wire's, the CMS's and the platform's.</summary>
public sealed record DigestAlgorithm
{
    /// <summary>MD5: receipts of legacy partners only.</summary>
    public static readonly DigestAlgorithm Md5 = new("md5", "1.2.840.113549.2.5", HashAlgorithmName.MD5, 16);

    /// <summary>SHA-1: by explicit legacy agreement only.</summary>
    public static readonly DigestAlgorithm Sha1 = new("sha1", "1.3.14.3.2.26", HashAlgorithmName.SHA1, 20);

    /// <summary>SHA-224 has no platform implementation; the layers compute it with BouncyCastle.</summary>
    public static readonly DigestAlgorithm Sha224 = new("sha-224", "2.16.840.1.101.3.4.2.4", new HashAlgorithmName("SHA224"), 28);

    /// <summary>SHA-256, the default.</summary>
    public static readonly DigestAlgorithm Sha256 = new("sha-256", "2.16.840.1.101.3.4.2.1", HashAlgorithmName.SHA256, 32);

    /// <summary>SHA-384.</summary>
    public static readonly DigestAlgorithm Sha384 = new("sha-384", "2.16.840.1.101.3.4.2.2", HashAlgorithmName.SHA384, 48);

    /// <summary>SHA-512.</summary>
    public static readonly DigestAlgorithm Sha512 = new("sha-512", "2.16.840.1.101.3.4.2.3", HashAlgorithmName.SHA512, 64);

    /// <summary>SHA3-256.</summary>
    public static readonly DigestAlgorithm Sha3_256 = new("sha3-256", "2.16.840.1.101.3.4.2.8", HashAlgorithmName.SHA3_256, 32);

    /// <summary>SHA3-384.</summary>
    public static readonly DigestAlgorithm Sha3_384 = new("sha3-384", "2.16.840.1.101.3.4.2.9", HashAlgorithmName.SHA3_384, 48);

    /// <summary>SHA3-512.</summary>
    public static readonly DigestAlgorithm Sha3_512 = new("sha3-512", "2.16.840.1.101.3.4.2.10", HashAlgorithmName.SHA3_512, 64);

    /// <summary>Every digest known here, weakest first.</summary>
    public static readonly IReadOnlyList<DigestAlgorithm> All =
        [Md5, Sha1, Sha224, Sha256, Sha384, Sha512, Sha3_256, Sha3_384, Sha3_512];

    /// <summary>What a default agreement accepts.</summary>
    public static readonly IReadOnlySet<DigestAlgorithm> Modern =
        new HashSet<DigestAlgorithm> { Sha224, Sha256, Sha384, Sha512, Sha3_256, Sha3_384, Sha3_512 };

    private DigestAlgorithm(string wireName, string oid, HashAlgorithmName name, int length)
        => (WireName, Oid, Name, Length) = (wireName, oid, name, length);

    /// <summary>The name we write: <c>sha-256</c>, and <c>sha1</c> without a hyphen as old peers need it.</summary>
    public string WireName { get; }

    /// <summary>The dotted object identifier.</summary>
    public string Oid { get; }

    /// <summary>The platform's name.</summary>
    public HashAlgorithmName Name { get; }

    /// <summary>Length of the digest in bytes.</summary>
    public int Length { get; }

    /// <summary>
    /// Reads any spelling seen in the field: <c>SHA256</c>, <c>sha_256</c>, <c>sha2-256</c>, <c>RSA-SHA1</c>, <c>sha</c>, a dotted OID.
    /// </summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out DigestAlgorithm? algorithm)
    {
        text = text?.Trim();
        algorithm = Find(text, a => a.WireName) ?? FromOid(text);
        if (algorithm is null && Normalise(text) is { Length: > 0 } wanted)
            algorithm = Find(wanted, a => Normalise(a.WireName));
        return algorithm is not null;
    }

    /// <summary>The name that a partner needs to see: <see cref="WireName"/>, unless a quirk spells it otherwise.</summary>
    public string NameFor(IReadOnlySet<PartnerQuirk> quirks)
    {
        if (this == Sha1)
            return quirks.Contains(PartnerQuirk.Sha1WithHyphen) ? "sha-1" : WireName;
        return quirks.Contains(PartnerQuirk.OldDigestNames) ? WireName.Replace("-", "", StringComparison.Ordinal) : WireName;
    }

    /// <summary>The digest with this object identifier, or null.</summary>
    public static DigestAlgorithm? FromOid(string? oid) => Find(oid, a => a.Oid);

    /// <summary>The wire name.</summary>
    public override string ToString() => WireName;

    private static DigestAlgorithm? Find(string? text, Func<DigestAlgorithm, string> name)
    {
        for (var i = 0; i < All.Count; i++)
        {
            if (name(All[i]) == text)
                return All[i];
        }
        return null;
    }

    private static string Normalise(string? text)
    {
        var letters = string.Concat((text ?? "").Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();
        foreach (var prefix in (ReadOnlySpan<string>)["rsa", "dsa", "ecdsa"])
        {
            if (letters.StartsWith(prefix, StringComparison.Ordinal) && letters.Length > prefix.Length)
                letters = letters[prefix.Length..];
        }
        return letters switch
        {
            "sha" => "sha1",
            "sha2224" or "sha2256" or "sha2384" or "sha2512" => "sha" + letters[4..],
            _ => letters,
        };
    }
}
