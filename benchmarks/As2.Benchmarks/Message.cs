using System.Buffers;
using System.Security.Cryptography;
using As2.Agreements;
using As2.Certificates;
using As2.Headers;
using As2.Layers;
using As2.Payloads;

namespace As2.Benchmarks;

/// <summary>
/// One message signed with SHA-256 and encrypted with AES-128-CBC, RSA-2048 on both sides, beside the arithmetic that nobody can
/// avoid: one private and one public RSA operation, one pass of AES and of SHA over the same octets, a fresh key.
/// </summary>
internal sealed class Message
{
    private static readonly DateTimeOffset s_created = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan s_lifetime = TimeSpan.FromDays(30 * 365);
    private static readonly SecurityAgreement s_security = new() { Cipher = ContentCipher.Aes128Cbc };

    private readonly byte[] _payload;
    private readonly byte[] _buffer;
    private readonly byte[] _ciphertext;
    private readonly byte[] _packed;
    private readonly byte[] _wrappedKey;
    private readonly byte[] _signature;
    private readonly byte[] _iv = new byte[16];
    private readonly HeaderFields _headers;

    public Message(int size)
    {
        _payload = RandomNumberGenerator.GetBytes(size);
        _buffer = new byte[size + 64];
        var output = new ArraySink();
        _headers = Pack(output);
        _packed = output.Octets.WrittenSpan.ToArray();
        using var aes = NewAes();
        _wrappedKey = Bob.RsaPublicKey!.Encrypt(aes.Key, RSAEncryptionPadding.Pkcs1);
        _ciphertext = aes.EncryptCbc(_payload, _iv);
        _signature = Alice.RsaPrivateKey!.SignData(_payload, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    }

    public static As2Certificate Alice { get; } = CertificateFactory.CreateSelfSigned("alice", s_created, s_lifetime, CertificateKeyKind.Rsa2048);

    public static As2Certificate Bob { get; } = CertificateFactory.CreateSelfSigned("bob", s_created, s_lifetime, CertificateKeyKind.Rsa2048);

    public static DateTimeOffset Now { get; } = new(2020, 6, 1, 0, 0, 0, TimeSpan.Zero);

    public ReadOnlySpan<byte> Payload => _payload;

    /// <summary>The body on the wire.</summary>
    public byte[] Packed => _packed;

    /// <summary>The header fields of the outermost entity.</summary>
    public HeaderFields Headers => _headers;

    public void Pack() => Pack(Discard.Instance);

    public void PackFloor()
    {
        using var aes = NewAes();
        Span<byte> hash = stackalloc byte[32], key = stackalloc byte[256], signature = stackalloc byte[256];
        SHA256.HashData(_payload, hash);
        Alice.RsaPrivateKey!.SignHash(hash, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        Bob.RsaPublicKey!.Encrypt(aes.Key, key, RSAEncryptionPadding.Pkcs1);
        aes.EncryptCbc(_payload, _iv, _buffer);
    }

    public void Unpack()
    {
        var options = new LayerReaderOptions { DecryptionKeys = [Bob], VerificationCertificates = [Alice], Now = Now };
        using var reader = new LayerReader(_headers, options, Discard.Instance);
        reader.Push(_packed);
        if (reader.Complete().Fault is { } fault)
            throw new InvalidOperationException(fault.ToString());
    }

    public void UnpackFloor()
    {
        Span<byte> key = stackalloc byte[256], hash = stackalloc byte[32];
        using var aes = Aes.Create();
        aes.SetKey(key[..Bob.RsaPrivateKey!.Decrypt(_wrappedKey, key, RSAEncryptionPadding.Pkcs1)]);
        aes.DecryptCbc(_ciphertext, _iv, _buffer);
        SHA256.HashData(_buffer.AsSpan(0, _payload.Length), hash);
        if (!Alice.RsaPublicKey!.VerifyHash(hash, _signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))
            throw new InvalidOperationException("The floor does not verify.");
    }

    private HeaderFields Pack(IOctetSink output)
    {
        using var writer = new LayerWriter(new LayerWriterOptions { Security = s_security, Signer = Alice, Recipients = [Bob], Now = Now }, output);
        writer.Begin(new PayloadHeader()).Push(_payload);
        return writer.Complete().Headers;
    }

    private static Aes NewAes()
    {
        Span<byte> key = stackalloc byte[16];
        RandomNumberGenerator.Fill(key);
        var aes = Aes.Create();
        aes.SetKey(key);
        return aes;
    }

    private sealed class ArraySink : IOctetSink
    {
        public ArrayBufferWriter<byte> Octets { get; } = new();

        public void Push(ReadOnlySpan<byte> octets) => Octets.Write(octets);
    }
}

/// <summary>Takes octets and payloads, and forgets them.</summary>
internal sealed class Discard : IOctetSink, IPayloadSink
{
    public static readonly Discard Instance = new();

    public void Push(ReadOnlySpan<byte> octets)
    {
    }

    public IOctetSink Begin(PayloadHeader header) => this;
}
