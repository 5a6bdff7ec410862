using System.Buffers;
using System.Security.Cryptography;
using As2.Agreements;
using As2.Certificates;
using As2.Headers;
using As2.Layers;
using As2.Payloads;
using BenchmarkDotNet.Attributes;

namespace As2.Benchmarks;

/// <summary>
/// A small message signed with SHA-256 and encrypted with AES-128, RSA-2048, beside the arithmetic that nobody can avoid: one private and
/// one public RSA operation, one pass of AES and of SHA over the same octets.
/// </summary>
[MemoryDiagnoser]
public class LayerBenchmarks
{
    private readonly As2Certificate _alice = CertificateFactory.CreateSelfSigned("alice", new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly As2Certificate _bob = CertificateFactory.CreateSelfSigned("bob", new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly DateTimeOffset _now = new(2020, 6, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly Discard _discard = new();
    private readonly byte[] _buffer = new byte[64 << 10];
    private byte[] _payload = [];
    private byte[] _packed = [];
    private byte[] _wrappedKey = [];
    private HeaderFields _headers = [];

    /// <summary>Length of the payload in bytes.</summary>
    [Params(10 << 10)]
    public int Size { get; set; }

    /// <summary>Packs the message once.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _payload = RandomNumberGenerator.GetBytes(Size);
        var output = new Collector();
        _headers = Pack(output);
        _packed = output.Octets;
        _wrappedKey = _bob.RsaPublicKey!.Encrypt(new byte[16], RSAEncryptionPadding.Pkcs1);
    }

    /// <summary>The floor of <see cref="Pack()"/>.</summary>
    [Benchmark]
    public int PackFloor()
    {
        using var aes = Aes.Create();
        aes.KeySize = 128;
        _alice.RsaPrivateKey!.SignData(_payload, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        _bob.RsaPublicKey!.Encrypt(aes.Key, RSAEncryptionPadding.Pkcs1);
        return aes.EncryptCbc(_payload, aes.IV, _buffer);
    }

    /// <summary>Signs and encrypts.</summary>
    [Benchmark]
    public HeaderFields Pack() => Pack(_discard);

    /// <summary>The floor of <see cref="Unpack"/>.</summary>
    [Benchmark]
    public bool UnpackFloor()
    {
        using var aes = Aes.Create();
        aes.Key = _bob.RsaPrivateKey!.Decrypt(_wrappedKey, RSAEncryptionPadding.Pkcs1);
        aes.EncryptCbc(_payload, aes.IV, _buffer);
        return _alice.RsaPublicKey!.VerifyData(_payload, _wrappedKey, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    }

    /// <summary>Decrypts and verifies.</summary>
    [Benchmark]
    public LayerTrace Unpack()
    {
        var options = new LayerReaderOptions { DecryptionKeys = [_bob], VerificationCertificates = [_alice], Now = _now };
        using var reader = new LayerReader(_headers, options, _discard);
        reader.Push(_packed);
        var trace = reader.Complete();
        return trace.Fault is null ? trace : throw new InvalidOperationException(trace.Fault.ToString());
    }

    private HeaderFields Pack(IOctetSink output)
    {
        var security = new SecurityAgreement { Cipher = ContentCipher.Aes128Cbc };
        using var writer = new LayerWriter(new LayerWriterOptions { Security = security, Signer = _alice, Recipients = [_bob], Now = _now }, output);
        writer.Begin(new PayloadHeader()).Push(_payload);
        return writer.Complete().Headers;
    }

    private sealed class Discard : IOctetSink, IPayloadSink
    {
        public void Push(ReadOnlySpan<byte> octets)
        {
        }

        public IOctetSink Begin(PayloadHeader header) => this;
    }

    private sealed class Collector : IOctetSink
    {
        private readonly ArrayBufferWriter<byte> _octets = new();

        public byte[] Octets => _octets.WrittenSpan.ToArray();

        public void Push(ReadOnlySpan<byte> octets) => _octets.Write(octets);
    }
}
