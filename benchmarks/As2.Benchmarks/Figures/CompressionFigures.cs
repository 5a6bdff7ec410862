using System.Diagnostics;
using System.IO.Compression;
using System.Security.Cryptography;
using As2.Agreements;
using As2.Layers;
using As2.Payloads;

namespace As2.Benchmarks.Figures;

/// <summary>
/// The compression of the SDK by level, MB of payload a second by the clock: it uses every free core. The floor is the platform's zlib
/// over the same octets on one core. Interchanges of EDIFACT, and content that does not get smaller.
/// </summary>
internal static class CompressionFigures
{
    private const int Size = 8 << 20;
    private const int Rounds = 3;

    public static IEnumerable<Figure> All(bool isFull)
    {
        var edi = Interchanges.Of(Size);
        foreach (var level in isFull ? Enumerable.Range(1, 9) : [1, 2, 3, 6, 9])
        {
            foreach (var figure in Measure($"compress-edi-level-{level}", edi, level))
                yield return figure;
        }
        foreach (var figure in Measure("compress-random-level-6", RandomNumberGenerator.GetBytes(Size), 6))
            yield return figure;
    }

    private static IEnumerable<Figure> Measure(string name, byte[] content, int level)
    {
        var (ours, floor, length) = (double.MaxValue, double.MaxValue, 0L);
        for (var i = 0; i < Rounds; i++)
        {
            ours = Math.Min(ours, Time(() => length = Compress(content, level)));
            floor = Math.Min(floor, Time(() => Zlib(content, level)));
        }
        yield return new Figure(name, Size / ours / 1e6, "MB/s", floor / ours);
        yield return new Figure(name + "-size", 100.0 * length / content.Length, "%");
    }

    private static double Time(Action work)
    {
        var start = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static long Compress(byte[] content, int level)
    {
        var security = new SecurityAgreement { Sign = false, Encrypt = false, Compression = Compression.BeforeSigning, CompressionLevel = level };
        var output = new Counter();
        using var writer = new LayerWriter(new LayerWriterOptions { Security = security, Now = Message.Now }, output);
        writer.Begin(new PayloadHeader()).Push(content);
        writer.Complete();
        return output.Length;
    }

    private static void Zlib(byte[] content, int level)
    {
        using var zlib = new ZLibStream(Stream.Null, new ZLibCompressionOptions { CompressionLevel = level });
        zlib.Write(content);
    }

    private sealed class Counter : IOctetSink
    {
        public long Length { get; private set; }

        public void Push(ReadOnlySpan<byte> octets) => Length += octets.Length;
    }
}
