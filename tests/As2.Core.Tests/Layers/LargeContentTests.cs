using System.Security.Cryptography;
using As2.Agreements;
using As2.Layers;
using As2.Testing;
using Org.BouncyCastle.Cms;

namespace As2.Core.Tests.Layers;

/// <summary>Content beyond one block, one definite length, one thread.</summary>
[TestFixture]
[Parallelizable(ParallelScope.All)]
public sealed class LargeContentTests
{
    private const int Block = 256 << 10;

    private static readonly int[] s_sizes = [0, 1, Block - 1, Block, Block + 1, (5 * Block) + 3];

    private static readonly byte[] s_large = Content(9 << 20, isText: false);

    [Test]
    public void content_of_any_number_of_blocks_is_one_stream_for_another_inflater([ValueSource(nameof(s_sizes))] int size, [Values] bool isText, [Values(0, 1, 6, 9)] int level)
    {
        var content = Content(size, isText);
        var written = LayerWriting.Of(Compressing(level), content);
        Assert.That(written.Read().Payload, Is.EqualTo(content));
        var entity = new CmsCompressedData(written.Body).GetContent();
        Assert.That(entity.AsSpan(entity.Length - size).SequenceEqual(content), Is.True);
    }

    [Test]
    public void what_does_not_get_smaller_is_stored()
    {
        var written = LayerWriting.Of(Compressing(9), s_large);
        Assert.That(written.Body, Has.Length.LessThan(s_large.Length + (s_large.Length / 1000)));
    }

    [Test]
    public void a_part_that_gets_smaller_again_is_compressed_again()
    {
        byte[] content = [.. Content(Block, isText: false), .. new byte[64 * Block]];
        var written = LayerWriting.Of(Compressing(6), content);
        Assert.That(written.Body, Has.Length.LessThan(20 * Block));
        Assert.That(written.Read().Payload.AsSpan().SequenceEqual(content), Is.True);
    }

    [Test]
    public void several_large_messages_at_once_come_back_with_their_mics([Values(65_537, 1 << 20)] int chunk)
    {
        Parallel.For(0, 3, _ =>
        {
            var written = LayerWriting.Of(new SecurityAgreement(), s_large, PushManner.Of(chunk));
            var read = written.Read(PushManner.Of(chunk));
            Assert.That(read.Trace.Fault, Is.Null);
            Assert.That(read.Trace.Mics[0], Is.EqualTo(written.Entity.Mics[0]));
            Assert.That(read.Payload.AsSpan().SequenceEqual(s_large), Is.True);
        });
    }

    [Test]
    public void a_ring_gives_on_every_octet_in_order([Values(1, 4099, 300_000)] int chunk)
    {
        var content = Content(chunk == 1 ? 3 * Block : 12 * Block + 7, isText: false);
        var taken = new MemoryStream();
        var ring = new OctetRing(new Sink(taken.Write));
        foreach (var slice in PushManner.Of(chunk).Slice(content))
            ring.Push(slice.Span);
        ring.Complete();
        Assert.That(taken.ToArray().AsSpan().SequenceEqual(content), Is.True);
    }

    [Test]
    public void what_the_second_stage_throws_reaches_whoever_pushes()
    {
        using var ring = new OctetRing(new Sink(_ => throw new IOException("the disk is full")));
        Assert.That(() =>
        {
            for (var i = 0; i < 100; i++)
                ring.Push(new byte[Block]);
        }, Throws.InstanceOf<IOException>());
    }

    [Test]
    public void what_the_second_stage_throws_at_the_end_is_not_lost()
    {
        var ring = new OctetRing(new Sink(_ => throw new IOException("the disk is full")));
        ring.Push(new byte[7]);
        Assert.That(ring.Complete, Throws.InstanceOf<IOException>());
    }

    [Test]
    public void a_ring_that_is_given_up_ends_its_thread()
    {
        var ring = new OctetRing(new Sink(_ => { }));
        ring.Push(s_large);
        Assert.That(ring.Dispose, Throws.Nothing);
    }

    private static SecurityAgreement Compressing(int level)
        => LayerWriting.Bare with { Compression = Compression.BeforeSigning, CompressionLevel = level };

    private static byte[] Content(int size, bool isText)
        => isText ? RandomNumberGenerator.GetItems("UNB+'0123456789\r\n"u8, size) : RandomNumberGenerator.GetBytes(size);

    private sealed class Sink(Sink.Take take) : IOctetSink
    {
        public delegate void Take(ReadOnlySpan<byte> octets);

        public void Push(ReadOnlySpan<byte> octets) => take(octets);
    }
}
