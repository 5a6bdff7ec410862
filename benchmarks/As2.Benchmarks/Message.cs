using System.Buffers;
using System.IO.Compression;
using System.Security.Cryptography;
using As2.Agreements;
using As2.Benchmarks.Figures;
using As2.Certificates;
using As2.Headers;
using As2.Layers;
using As2.Payloads;

namespace As2.Benchmarks;

/// <summary>
/// One message, as a rule signed with SHA-256 and encrypted with AES-128-CBC, RSA-2048 on both sides, beside the arithmetic that nobody
/// can avoid: one private and one public RSA operation, one pass of AES and of SHA over the same octets, a fresh key; zlib where it is
/// compressed.
/// </summary>
internal sealed class Message
{
    private static readonly DateTimeOffset s_created = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan s_lifetime = TimeSpan.FromDays(30 * 365);

    private readonly SecurityAgreement _security;
    private readonly byte[] _payload;
    private readonly byte[] _buffer;
    private readonly byte[] _ciphertext;
    private readonly byte[] _packed;
    private readonly byte[] _wrappedKey;
    private readonly byte[] _signature;
    private readonly byte[] _deflated;
    private readonly byte[] _iv = new byte[16];
    private readonly HeaderFields _headers;

    public Message(int size, SecurityAgreement? security = null)
    {
        _security = security ?? Usual;
        _payload = IsCompressed ? Interchanges.Of(size) : RandomNumberGenerator.GetBytes(size);
        _buffer = new byte[size + 64];
        var output = new ArraySink();
        _headers = Pack(output);
        _packed = output.Octets.WrittenSpan.ToArray();
        using var aes = NewAes();
        _wrappedKey = Bob.RsaPublicKey!.Encrypt(aes.Key, RSAEncryptionPadding.Pkcs1);
        _ciphertext = aes.EncryptCbc(_payload, _iv);
        _signature = Alice.RsaPrivateKey!.SignData(_payload, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var deflated = new MemoryStream();
        Deflate(deflated);
        _deflated = deflated.ToArray();
    }

    /// <summary>Signed with SHA-256 and encrypted with AES-128-CBC.</summary>
    public static SecurityAgreement Usual { get; } = new() { Cipher = ContentCipher.Aes128Cbc };

    public static As2Certificate Alice { get; } = CertificateFactory.CreateSelfSigned("alice", s_created, s_lifetime, CertificateKeyKind.Rsa2048);

    public static As2Certificate Bob { get; } = CertificateFactory.CreateSelfSigned("bob", s_created, s_lifetime, CertificateKeyKind.Rsa2048);

    private static readonly As2Certificate[] s_alice = [Alice], s_bob = [Bob];

    public static DateTimeOffset Now { get; } = new(2020, 6, 1, 0, 0, 0, TimeSpan.Zero);

    public ReadOnlySpan<byte> Payload => _payload;

    /// <summary>The body on the wire.</summary>
    public byte[] Packed => _packed;

    /// <summary>The header fields of the outermost entity.</summary>
    public HeaderFields Headers => _headers;

    private bool IsCompressed => _security.Compression != Compression.None;

    public void Pack() => Pack(Discard.Instance);

    public void PackFloor()
    {
        if (IsCompressed)
            Deflate(Stream.Null);
        if (_security.Sign)
            SignFloor();
        if (_security.Encrypt)
            EncryptFloor();
    }

    public void Unpack()
    {
        var options = new LayerReaderOptions { DecryptionKeys = s_bob, VerificationCertificates = s_alice, Now = Now };
        using var reader = new LayerReader(_headers, options, Discard.Instance);
        reader.Push(_packed);
        if (reader.Complete().Fault is { } fault)
            throw new InvalidOperationException(fault.ToString());
    }

    public void UnpackFloor()
    {
        if (_security.Encrypt)
            DecryptFloor();
        if (_security.Sign)
            VerifyFloor();
        if (!IsCompressed)
            return;
        using var inflater = new ZLibStream(new MemoryStream(_deflated), CompressionMode.Decompress);
        inflater.ReadExactly(_buffer.AsSpan(0, _payload.Length));
    }

    private void SignFloor()
    {
        Span<byte> hash = stackalloc byte[32], signature = stackalloc byte[256];
        SHA256.HashData(_payload, hash);
        Alice.RsaPrivateKey!.SignHash(hash, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    }

    private void EncryptFloor()
    {
        using var aes = NewAes();
        Span<byte> key = stackalloc byte[256];
        Bob.RsaPublicKey!.Encrypt(aes.Key, key, RSAEncryptionPadding.Pkcs1);
        aes.EncryptCbc(_payload, _iv, _buffer);
    }

    private void DecryptFloor()
    {
        Span<byte> key = stackalloc byte[256];
        using var aes = Aes.Create();
        aes.SetKey(key[..Bob.RsaPrivateKey!.Decrypt(_wrappedKey, key, RSAEncryptionPadding.Pkcs1)]);
        aes.DecryptCbc(_ciphertext, _iv, _buffer);
    }

    private void VerifyFloor()
    {
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(_payload, hash);
        if (!Alice.RsaPublicKey!.VerifyHash(hash, _signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))
            throw new InvalidOperationException("The floor does not verify.");
    }

    private void Deflate(Stream output)
    {
        using var zlib = new ZLibStream(output, CompressionLevel.Optimal, leaveOpen: true);
        zlib.Write(_payload);
    }

    private HeaderFields Pack(IOctetSink output)
    {
        using var writer = new LayerWriter(new LayerWriterOptions { Security = _security, Signer = Alice, Recipients = s_bob, Now = Now }, output);
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
