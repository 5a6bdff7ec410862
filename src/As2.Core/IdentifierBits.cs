using System.Buffers.Binary;
using System.Security.Cryptography;

namespace As2;

/// <summary>
/// Random octets for identifiers, which everybody may see. Each thread draws a block of them at once: 16 octets take OpenSSL as long as
/// 512. Not for keys.
/// </summary>
internal static class IdentifierBits
{
    private const int BlockBytes = 512;

    [ThreadStatic]
    private static byte[]? t_block;

    [ThreadStatic]
    private static int t_left;

    /// <summary>128 random bits as 32 hexadecimal digits.</summary>
    public static string Hex()
    {
        Span<byte> bits = stackalloc byte[16];
        Fill(bits);
        return Convert.ToHexStringLower(bits);
    }

    /// <summary>A version 7 UUID (RFC 9562 §5.7) as 32 hexadecimal digits, sortable by time.</summary>
    public static string Uuid()
    {
        Span<byte> uuid = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(uuid, TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() << 16);
        Fill(uuid[6..]);
        uuid[6] = (byte)(0x70 | (uuid[6] & 0x0F));
        uuid[8] = (byte)(0x80 | (uuid[8] & 0x3F));
        return Convert.ToHexStringLower(uuid);
    }

    private static void Fill(Span<byte> bits)
    {
        if (t_left < bits.Length)
            Draw();
        t_left -= bits.Length;
        t_block.AsSpan(t_left, bits.Length).CopyTo(bits);
    }

    private static void Draw()
    {
        RandomNumberGenerator.Fill(t_block ??= new byte[BlockBytes]);
        t_left = BlockBytes;
    }
}
