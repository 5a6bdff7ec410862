using System.Diagnostics;
using System.Security.Cryptography;
using As2.Benchmarks.Figures;

namespace As2.Benchmarks.Load;

/// <summary>
/// What the RSA operations of a message alone allow on all cores together: one decryption of its content key and one signature of its
/// receipt.
/// </summary>
internal static class RsaBound
{
    private static readonly TimeSpan s_duration = TimeSpan.FromSeconds(2);

    /// <summary>Messages in a second, and milliseconds of CPU for one, measured now.</summary>
    public static (double Rate, double Cpu) Measure()
    {
        using var key = RSA.Create(2048);
        var wrapped = key.Encrypt(RandomNumberGenerator.GetBytes(16), RSAEncryptionPadding.Pkcs1);
        var counts = new (long Count, long Cpu)[Environment.ProcessorCount];
        var threads = counts.Select((_, i) => new Thread(() => counts[i] = Count(key, wrapped))).ToArray();
        foreach (var thread in threads)
            thread.Start();
        foreach (var thread in threads)
            thread.Join();
        var count = counts.Sum(c => c.Count);
        return (count / s_duration.TotalSeconds, counts.Sum(c => c.Cpu) / 1e6 / count);
    }

    private static (long Count, long Cpu) Count(RSA key, byte[] wrapped)
    {
        Span<byte> output = stackalloc byte[256];
        ReadOnlySpan<byte> hash = stackalloc byte[32];
        var (start, cpu) = (Stopwatch.GetTimestamp(), ThreadClock.Now());
        long count = 0;
        for (; Stopwatch.GetElapsedTime(start) < s_duration; count++)
        {
            key.Decrypt(wrapped, output, RSAEncryptionPadding.Pkcs1);
            key.SignHash(hash, output, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        }
        return (count, ThreadClock.Now() - cpu);
    }
}
