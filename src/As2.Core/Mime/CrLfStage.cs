using As2.Layers;

namespace As2.Mime;

/// <summary>Gives text its canonical line ends while it streams past (RFC 8551 §3.1.1): a CR before every LF that has none.</summary>
internal sealed class CrLfStage(OctetStage next) : OctetStage
{
    private bool _afterCr;

    public override void Push(ReadOnlySpan<byte> octets)
    {
        while (octets.IndexOf((byte)'\n') is >= 0 and var lineFeed)
        {
            var hasCr = lineFeed > 0 ? octets[lineFeed - 1] == '\r' : _afterCr;
            next.Push(octets[..lineFeed]);
            next.Push(hasCr ? "\n"u8 : "\r\n"u8);
            octets = octets[(lineFeed + 1)..];
            _afterCr = false;
        }
        if (octets.IsEmpty)
            return;
        _afterCr = octets[^1] == '\r';
        next.Push(octets);
    }

    public override void Complete() => next.Complete();

    public override void Dispose() => next.Dispose();
}
