using As2.Layers;

namespace As2.Testing;

/// <summary>
/// How octets arrive: whole, line by line, byte by byte. Boundaries between chunks are where readers break, so a reader's tests run
/// under <see cref="All"/>: <c>[TestCaseSource(typeof(PushManner), nameof(PushManner.All))]</c>.
/// </summary>
/// <param name="Name">Shown in the test's name.</param>
/// <param name="Slice">Cuts the octets.</param>
public sealed record PushManner(string Name, Func<ReadOnlyMemory<byte>, IEnumerable<ReadOnlyMemory<byte>>> Slice)
{
    /// <summary>All at once.</summary>
    public static readonly PushManner Whole = new("whole", octets => [octets]);

    /// <summary>Cut after every LF.</summary>
    public static readonly PushManner ByLine = new("by line", Lines);

    /// <summary>One octet at a time.</summary>
    public static readonly PushManner ByByte = Of(1);

    /// <summary>The three manners.</summary>
    public static readonly IReadOnlyList<PushManner> All = [Whole, ByLine, ByByte];

    /// <summary>Chunks of this many octets.</summary>
    public static PushManner Of(int size) => new($"by {size}", octets => Pieces(octets, size));

    /// <summary>Pushes octets into a sink.</summary>
    public void Push(ReadOnlyMemory<byte> octets, IOctetSink sink)
    {
        foreach (var slice in Slice(octets))
            sink.Push(slice.Span);
    }

    /// <summary>A forward-only stream that gives one slice a read.</summary>
    public Stream AsStream(ReadOnlyMemory<byte> octets) => new SlicedStream(Slice(octets));

    /// <summary>The name.</summary>
    public override string ToString() => Name;

    private static IEnumerable<ReadOnlyMemory<byte>> Lines(ReadOnlyMemory<byte> octets)
    {
        while (octets.Length > 0)
        {
            var end = octets.Span.IndexOf((byte)'\n') + 1;
            var length = end > 0 ? end : octets.Length;
            yield return octets[..length];
            octets = octets[length..];
        }
    }

    private static IEnumerable<ReadOnlyMemory<byte>> Pieces(ReadOnlyMemory<byte> octets, int size)
    {
        for (var at = 0; at < octets.Length; at += size)
            yield return octets.Slice(at, Math.Min(size, octets.Length - at));
    }
}
