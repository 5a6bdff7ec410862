using As2.Layers;

namespace As2.Tool.Inspection;

/// <summary>Watches the walk through the layers: the readings of every MIC, and the signature as it came.</summary>
internal sealed class LayerWitness(IReadOnlyList<DigestAlgorithm> digests, Func<DateTimeOffset> now) : ILayerObserver, IDisposable
{
    private readonly List<EntityReadings> _entities = [];

    /// <summary>The signature, once there was one.</summary>
    public SignatureEvidence? Signature { get; private set; }

    /// <summary>Every reading but the MIC itself, each value once.</summary>
    public IReadOnlyList<MicReport> Alternates(MicReport? mic, IReadOnlyList<PayloadReport> payloads)
    {
        var preferred = mic is not null && DigestAlgorithm.TryParse(mic.Algorithm, out var digest) ? digest : null;
        var readings = _entities.Where(e => e.IsComplete).SelectMany(e => e.Readings(preferred));
        if (payloads is [var only])
            readings = readings.Append(new MicReport("sha-256", Convert.ToBase64String(Convert.FromHexString(only.Sha256)), "payload, without its transfer encoding"));
        return [.. readings.Where(r => r.Value != mic?.Value).DistinctBy(r => r.Value)];
    }

    public IOctetSink? BeginEntity(IReadOnlyList<LayerKind> around, string mediaType, ReadOnlySpan<byte> header)
    {
        var isSigned = around is [.., LayerKind.SignedData];
        var isPayload = mediaType is not ("multipart/signed" or "application/pkcs7-mime" or "application/x-pkcs7-mime");
        if (!isSigned && !isPayload)
            return null;
        var name = isSigned ? "signed part" : around.Count > 0 ? "inner entity" : "content";
        var readings = new EntityReadings(name, isSigned, header, digests);
        _entities.Add(readings);
        return readings;
    }

    public void EndEntity(IOctetSink entity) => ((EntityReadings)entity).Complete();

    public void SeeSignature(ReadOnlyMemory<byte> cms, Func<DigestAlgorithm, ReadOnlyMemory<byte>?> contentDigest)
        => Signature = SignatureEvidence.Read(cms, contentDigest, now());

    public void Dispose() => _entities.ForEach(e => e.Dispose());
}
