using System.Security.Cryptography;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Modes;
using Org.BouncyCastle.Crypto.Parameters;

namespace As2.Layers;

/// <summary>Decrypts whole blocks in order, without padding. AES and Triple DES are the platform's; the ciphers that nobody should send any more are BouncyCastle's.</summary>
internal abstract class StreamingCipher : IDisposable
{
    /// <summary>Octets of a block; 1 for a stream cipher.</summary>
    public abstract int BlockSize { get; }

    /// <summary>Decrypts the first octets, whole blocks, where they lie; more follow.</summary>
    public abstract void Decrypt(PooledBuffer octets, int length);

    /// <summary>Decrypts the first octets, whole blocks, where they lie; none follow.</summary>
    public virtual void DecryptLast(PooledBuffer octets, int length) => Decrypt(octets, length);

    public abstract void Dispose();

#pragma warning disable CA5350 // Legacy agreements; policy decides from the trace whether it counts.
    public static StreamingCipher Create(ContentEncryption encryption, byte[] key) => encryption.Cipher.Name switch
    {
        "aes128-cbc" or "aes192-cbc" or "aes256-cbc" => new Platform(Aes.Create(), key, encryption.Iv),
        "3des-cbc" when !TripleDES.IsWeakKey(key) => new Platform(TripleDES.Create(), key, encryption.Iv),
        "3des-cbc" => new ManagedBlocks(new DesEdeEngine(), new KeyParameter(key), encryption.Iv),
        "des-cbc" => new ManagedBlocks(new DesEngine(), new KeyParameter(key), encryption.Iv),
        "cast5-cbc" => new ManagedBlocks(new Cast5Engine(), new KeyParameter(key), encryption.Iv),
        "idea-cbc" => new ManagedBlocks(new IdeaEngine(), new KeyParameter(key), encryption.Iv),
        "seed-cbc" => new ManagedBlocks(new SeedEngine(), new KeyParameter(key), encryption.Iv),
        "rc2-cbc" => new ManagedBlocks(new RC2Engine(), new RC2Parameters(key, encryption.EffectiveKeyBits), encryption.Iv),
        "rc4" => new ManagedStream(key),
        _ => new ManagedBlocks(new CamelliaEngine(), new KeyParameter(key), encryption.Iv),
    };
#pragma warning restore CA5350

    private sealed class Platform : StreamingCipher
    {
        private readonly SymmetricAlgorithm _algorithm;
        private readonly byte[] _iv;

        /// <summary>Carries the chain from piece to piece. Content of one piece needs none: one call, and less allocated.</summary>
        private ICryptoTransform? _chain;

        public Platform(SymmetricAlgorithm algorithm, byte[] key, byte[] iv)
        {
            (_algorithm, _iv) = (algorithm, iv);
            _algorithm.Padding = PaddingMode.None;
            _algorithm.SetKey(key);
        }

        public override int BlockSize => _algorithm.BlockSize / 8;

        public override void Decrypt(PooledBuffer octets, int length)
            => octets.Transform(_chain ??= _algorithm.CreateDecryptor(_algorithm.Key, _iv), length);

        public override void DecryptLast(PooledBuffer octets, int length)
        {
            if (_chain is not null)
                Decrypt(octets, length);
            else
                _algorithm.DecryptCbc(octets.Span[..length], _iv, octets.Span, PaddingMode.None);
        }

        public override void Dispose()
        {
            _chain?.Dispose();
            _algorithm.Dispose();
        }
    }

    private sealed class ManagedBlocks : StreamingCipher
    {
        private readonly CbcBlockCipher _cipher;

        public ManagedBlocks(IBlockCipher engine, ICipherParameters key, byte[] iv)
        {
            _cipher = new CbcBlockCipher(engine);
            if (iv.Length == _cipher.GetBlockSize())
                _cipher.Init(false, new ParametersWithIV(key, iv));
        }

        public override int BlockSize => _cipher.GetBlockSize();

        public override void Decrypt(PooledBuffer octets, int length)
        {
            for (var i = 0; i < length; i += BlockSize)
                _cipher.ProcessBlock(octets.Span[i..], octets.Span[i..]);
        }

        public override void Dispose()
        {
        }
    }

    private sealed class ManagedStream : StreamingCipher
    {
        private readonly RC4Engine _cipher = new();

        public ManagedStream(byte[] key) => _cipher.Init(false, new KeyParameter(key));

        public override int BlockSize => 1;

        public override void Decrypt(PooledBuffer octets, int length) => _cipher.ProcessBytes(octets.Span[..length], octets.Span);

        public override void Dispose()
        {
        }
    }
}
