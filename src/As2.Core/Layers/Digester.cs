using System.Security.Cryptography;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Digests;

namespace As2.Layers;

/// <summary>
/// An incremental digest over octets as they stream past. The platform computes it; BouncyCastle stands in for what the platform
/// lacks: SHA-224 everywhere, SHA-3 where the crypto library is old.
/// </summary>
internal sealed class Digester : IOctetSink, IDisposable
{
    private readonly IncrementalHash? _platform;
    private readonly IDigest? _managed;

    public Digester(DigestAlgorithm algorithm)
    {
        Algorithm = algorithm;
        if (IsOnPlatform(algorithm))
            _platform = IncrementalHash.CreateHash(algorithm.Name);
        else
            _managed = Managed(algorithm);
    }

    public DigestAlgorithm Algorithm { get; }

    /// <summary>Takes the next octets.</summary>
    public void Append(ReadOnlySpan<byte> octets)
    {
        if (_platform is not null)
            _platform.AppendData(octets);
        else
            _managed!.BlockUpdate(octets);
    }

    void IOctetSink.Push(ReadOnlySpan<byte> octets) => Append(octets);

    /// <summary>The digest of everything taken; the digester starts anew.</summary>
    public byte[] Finish()
    {
        if (_platform is not null)
            return _platform.GetHashAndReset();
        var digest = new byte[Algorithm.Length];
        _managed!.DoFinal(digest);
        return digest;
    }

    /// <summary>The octets of the longest digest.</summary>
    public const int MaxBytes = 64;

    /// <summary>Writes the digest of one piece, and says its length.</summary>
    public static int Hash(DigestAlgorithm algorithm, ReadOnlySpan<byte> octets, Span<byte> digest)
    {
        if (IsOnPlatform(algorithm))
            return CryptographicOperations.HashData(algorithm.Name, octets, digest);
        Hash(algorithm, octets).CopyTo(digest);
        return algorithm.Length;
    }

    /// <summary>The digest of one piece.</summary>
    public static byte[] Hash(DigestAlgorithm algorithm, ReadOnlySpan<byte> octets)
    {
        if (IsOnPlatform(algorithm))
            return CryptographicOperations.HashData(algorithm.Name, octets);
        using var digester = new Digester(algorithm);
        digester.Append(octets);
        return digester.Finish();
    }

    /// <summary>True where the platform computes it, and so can sign with it.</summary>
    public static bool IsOnPlatform(DigestAlgorithm algorithm) => algorithm switch
    {
        _ when algorithm == DigestAlgorithm.Sha224 => false,
        _ when algorithm == DigestAlgorithm.Sha3_256 => SHA3_256.IsSupported,
        _ when algorithm == DigestAlgorithm.Sha3_384 => SHA3_384.IsSupported,
        _ when algorithm == DigestAlgorithm.Sha3_512 => SHA3_512.IsSupported,
        _ => true,
    };

    /// <summary>The managed digest, where an algorithm needs one by object.</summary>
    public static IDigest Managed(DigestAlgorithm algorithm) => algorithm.WireName switch
    {
        "md5" => new MD5Digest(),
        "sha1" => new Sha1Digest(),
        "sha-224" => new Sha224Digest(),
        "sha-384" => new Sha384Digest(),
        "sha-512" => new Sha512Digest(),
        "sha3-256" or "sha3-384" or "sha3-512" => new Sha3Digest(algorithm.Length * 8),
        _ => new Sha256Digest(),
    };

    public void Dispose() => _platform?.Dispose();
}
