using As2.Agreements;
using As2.Layers;
using As2.Storage;

namespace As2.Receipts;

/// <summary>
/// What a partner hashed whose MIC is not ours: the entity is put together again from the stored payloads. A MIC in a digest that we
/// did not take is compared after all; one that differs is read in the ways of <see cref="MicDiagnosis"/>.
/// </summary>
internal sealed class MicExplanation(IBlobStore blobs, TimeProvider clock)
{
    private const int MaxExplained = 1 << 20;

    /// <summary>
    /// The message with its MIC in the digest of the receipt too, of any length; null where that digest is there already, is not
    /// allowed, or the octets under our own MIC cannot be had again.
    /// </summary>
    public async ValueTask<StoredMessage?> InDigestOfAsync(
        Receipt? receipt, StoredMessage sent, Partnership partnership, CancellationToken cancellationToken)
    {
        if (receipt?.Notification?.Mic?.Algorithm is not { } theirs || !IsAllowed(theirs, partnership))
            return null;
        var ours = sent.ReadMics();
        var entity = new SentEntity(blobs, sent, partnership, clock.GetUtcNow());
        if (ours.Count == 0 || ours.Exists(m => m.Algorithm == theirs) || !entity.IsAtHand)
            return null;
        using var digests = new Digests([ours[0].Algorithm, theirs]);
        await entity.WriteAsync(entity.CompressionInside, digests, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<string> more = [.. digests.Readings.Where(r => ours.Contains(r[0])).Select(r => r[1].ToString())];
        return more.Count == 0 ? null : sent with { Mics = [.. sent.Mics, .. more] };
    }

    /// <summary>The step, with the explanation in its diagnosis and in the history where there is one.</summary>
    public async ValueTask<Transition> AddAsync(
        Transition step, StoredMessage sent, Partnership partnership, Receipt? receipt, CancellationToken cancellationToken)
    {
        if (step.To != MessageState.MicMismatch || receipt?.Notification?.Mic is not { } theirs)
            return step;
        var text = await FindAsync(sent, partnership, theirs, cancellationToken).ConfigureAwait(false)
            ?? "no reading known here gives the partner's MIC: its content is another, or was changed on its way";
        return step with { Diagnosis = $"{step.Diagnosis}; {text}", Events = [.. step.Events, ("mic", text)] };
    }

    // SHA-1 is the default of RFC 4130 for a MIC; who cannot forge the receipt gains nothing from a collision.
    private static bool IsAllowed(DigestAlgorithm digest, Partnership partnership)
        => digest == DigestAlgorithm.Sha1 || partnership.Receiving.Digests.Contains(digest);

    private async ValueTask<string?> FindAsync(
        StoredMessage sent, Partnership partnership, MessageIntegrityCheck theirs, CancellationToken cancellationToken)
    {
        var entity = new SentEntity(blobs, sent, partnership, clock.GetUtcNow());
        if (!entity.IsAtHand || entity.PayloadBytes > MaxExplained)
            return null;
        if (MicDiagnosis.TryExplain(await ReadAsync(Compression.None).ConfigureAwait(false), theirs, out var reading))
            return $"the partner hashed {reading}, in {theirs.Algorithm}";
        return partnership.Sending.Compression == Compression.BeforeSigning
            && MicDiagnosis.TryExplain(await ReadAsync(Compression.BeforeSigning).ConfigureAwait(false), theirs, out reading)
            ? $"the partner hashed, of the compressed content, {reading}, in {theirs.Algorithm}"
            : null;

        async ValueTask<byte[]> ReadAsync(Compression compression)
        {
            var octets = new Octets();
            await entity.WriteAsync(compression, octets, cancellationToken).ConfigureAwait(false);
            return octets.ToArray();
        }
    }

    private sealed class Octets : IEntitySink
    {
        private MemoryStream Collected { get; } = new();

        public void PushHeader(ReadOnlySpan<byte> octets) => Collected.Write(octets);

        public void PushBody(ReadOnlySpan<byte> octets) => Collected.Write(octets);

        public byte[] ToArray() => Collected.ToArray();
    }

    private sealed class Digests(DigestAlgorithm[] algorithms) : IEntitySink, IDisposable
    {
        private readonly DigestSet _whole = new(algorithms);
        private readonly DigestSet _bare = new(algorithms);

        /// <summary>With the header and without it, each in the algorithms of the constructor.</summary>
        public IEnumerable<IReadOnlyList<MessageIntegrityCheck>> Readings => [_whole.Finish(), _bare.Finish()];

        public void PushHeader(ReadOnlySpan<byte> octets) => _whole.Append(octets);

        public void PushBody(ReadOnlySpan<byte> octets)
        {
            _whole.Append(octets);
            _bare.Append(octets);
        }

        public void Dispose()
        {
            _whole.Dispose();
            _bare.Dispose();
        }
    }
}
