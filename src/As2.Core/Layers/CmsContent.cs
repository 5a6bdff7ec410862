namespace As2.Layers;

/// <summary>
/// What a CMS content type does with its parts as <see cref="ContentInfoReader"/> finds them: small elements whole, the content as
/// it streams past.
/// </summary>
internal abstract class CmsContent : IDisposable
{
    /// <summary>Which SEQUENCE of the structure holds the content: the first, but for compressed-data.</summary>
    public virtual int EncapsulationIndex => 0;

    /// <summary>The fault of a structure of this kind that is broken or ends too early.</summary>
    public abstract ProtocolFault Broken(string diagnosis, Exception? inner = null);

    /// <summary>A small element, beside the content or (with <paramref name="isEncapsulated"/>) right before it. Valid during the call.</summary>
    public abstract void Take(int tag, ReadOnlyMemory<byte> element, bool isEncapsulated);

    /// <summary>The content begins.</summary>
    public abstract void BeginContent();

    /// <summary>Octets of the content.</summary>
    public abstract void Push(ReadOnlySpan<byte> octets);

    /// <summary>The structure ended, content and all.</summary>
    public abstract void Complete();

    public abstract void Dispose();
}
