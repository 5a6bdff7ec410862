using System.Buffers;
using System.Collections.Concurrent;
using Microsoft.AspNetCore.Connections;

namespace As2.AspNetCore;

/// <summary>
/// Memory of connections in blocks that a usual message fits into: the platform's hold 4 KiB, and a message of 10 KiB is read from its
/// socket in four turns, each of which wakes the reader. A connection that waits for data holds none.
/// </summary>
internal sealed class ConnectionMemory : MemoryPool<byte>, IMemoryPoolFactory<byte>
{
    private const int BlockBytes = 16 << 10;

    /// <summary>So many blocks that nobody uses are kept for the next: 4 MiB.</summary>
    private const int MostIdle = 256;

    private readonly ConcurrentQueue<Block> _idle = [];

    public override int MaxBufferSize => BlockBytes;

    /// <summary>One for all: whoever asked may dispose it, and the others go on.</summary>
    public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => this;

    public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, BlockBytes);
        return _idle.TryDequeue(out var block) ? block : new Block(this);
    }

    protected override void Dispose(bool disposing)
    {
        // Memory alone, which goes with the process.
    }

    private sealed class Block(ConnectionMemory pool) : IMemoryOwner<byte>
    {
        // Pinned by itself, or each read would do it.
        public Memory<byte> Memory { get; } = GC.AllocateUninitializedArray<byte>(BlockBytes, pinned: true);

        public void Dispose()
        {
            if (pool._idle.Count < MostIdle)
                pool._idle.Enqueue(this);
        }
    }
}
