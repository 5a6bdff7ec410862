using System.Buffers.Binary;

namespace As2.Layers;

/// <summary>
/// Writes one zlib stream (RFC 1950) out of blocks, compressed on as many cores as are free: one core deflates some 40 MB in a second.
/// Content that does not get smaller is stored as it is, and after such a block only every sixteenth is tried.
/// </summary>
/// <param name="level">0 to 9.</param>
/// <param name="output">Takes the stream.</param>
internal sealed class ZlibWriter(int level, CmsContentWriter output) : IDisposable
{
    private const int StoredUntried = 15;

    private static readonly int s_atOnce = Environment.ProcessorCount;

    private readonly Queue<(Task Compressing, DeflateBlock Block)> _running = new();
    private DeflateBlock? _filling;
    private Adler32 _checksum = new();
    private bool _isBegun;
    private int _untried;

    /// <summary>Takes the next octets.</summary>
    public void Append(ReadOnlySpan<byte> octets)
    {
        _checksum.Append(octets);
        while (!octets.IsEmpty)
        {
            Begin();
            octets = octets[_filling!.Fill(octets)..];
            if (!_filling.IsFull)
                continue;
            _running.Enqueue((Compress(_filling), _filling));
            _filling = null;
            if (_running.Count >= s_atOnce)
                WriteOldest();
        }
    }

    /// <summary>Ends the stream.</summary>
    public void Complete()
    {
        while (_running.Count > 0)
            WriteOldest();
        Begin();
        if (!_filling!.IsEmpty)
        {
            _filling.Compress(level);
            _filling.WriteTo(output);
        }
        Span<byte> end = [0x03, 0x00, 0, 0, 0, 0]; // an empty last block
        BinaryPrimitives.WriteUInt32BigEndian(end[2..], _checksum.Value);
        output.Append(end);
    }

    public void Dispose()
    {
        foreach (var (compressing, block) in _running)
        {
            compressing.Wait();
            block.Dispose();
        }
        _running.Clear();
        _filling?.Dispose();
    }

    private void Begin()
    {
        if (!_isBegun)
        {
            // Window of 32 KiB; the second octet names the kind of level and makes the pair a multiple of 31 (§2.2).
            output.Append([0x78, level <= 1 ? (byte)0x01 : level <= 5 ? (byte)0x5E : level == 6 ? (byte)0x9C : (byte)0xDA]);
            _isBegun = true;
        }
        _filling ??= new DeflateBlock();
    }

    private Task Compress(DeflateBlock block)
    {
        if (_untried == 0)
            return Task.Run(() => block.Compress(level));
        _untried--;
        return Task.CompletedTask;
    }

    /// <summary>Where no other core was free to begin with it, waiting means to compress it here.</summary>
    private void WriteOldest()
    {
        var (compressing, block) = _running.Dequeue();
        compressing.Wait();
        if (block.IsStored && compressing != Task.CompletedTask)
            _untried = StoredUntried;
        block.WriteTo(output);
        block.Dispose();
    }
}
