namespace As2.Layers;

/// <summary>Watches the walk through the layers, for diagnosis only: nothing it sees decides anything.</summary>
internal interface ILayerObserver
{
    /// <summary>An entity begins whose body is about to be read.</summary>
    /// <param name="around">The layers around it, outermost first.</param>
    /// <param name="mediaType">Its type and subtype in lower case; empty when absent.</param>
    /// <param name="header">Its header as it came, with the blank line; empty for the outermost, whose header is HTTP's.</param>
    /// <returns>What takes a copy of its body's octets, or null.</returns>
    IOctetSink? BeginEntity(IReadOnlyList<LayerKind> around, string mediaType, ReadOnlySpan<byte> header);

    /// <summary>The entity has ended, whole.</summary>
    void EndEntity(IOctetSink entity);

    /// <summary>A signature is about to be judged.</summary>
    /// <param name="cms">Its SignedData.</param>
    /// <param name="contentDigest">The digest of what it covers, or null where it was not computed.</param>
    void SeeSignature(ReadOnlyMemory<byte> cms, Func<DigestAlgorithm, ReadOnlyMemory<byte>?> contentDigest);
}

/// <summary>Copies what streams past to an observer.</summary>
internal sealed class ObservedStage(ILayerObserver observer, IOctetSink copy, OctetStage next) : OctetStage
{
    public override void Push(ReadOnlySpan<byte> octets)
    {
        copy.Push(octets);
        next.Push(octets);
    }

    public override void Complete()
    {
        observer.EndEntity(copy);
        next.Complete();
    }

    public override void Dispose() => next.Dispose();
}
