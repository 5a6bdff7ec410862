using As2.Agreements;
using As2.Layers;
using As2.Mime;
using As2.Payloads;
using As2.Storage;

namespace As2.Receipts;

/// <summary>
/// Says what a partner hashed whose MIC is not ours: the entity is put together again from the stored payload, and read in the ways of
/// <see cref="MicDiagnosis"/>. Only for one payload of bounded length; attachments have a boundary of their own.
/// </summary>
internal sealed class MicExplanation(IBlobStore blobs, TimeProvider clock)
{
    private const int MaxPayload = 1 << 20;

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

    private async ValueTask<string?> FindAsync(
        StoredMessage sent, Partnership partnership, MessageIntegrityCheck theirs, CancellationToken cancellationToken)
    {
        if (sent.Payloads is not [{ Content: { IsPurged: false, Length: <= MaxPayload } } payload])
            return null;
        var bare = partnership with { Sending = partnership.Sending with { Sign = false, Encrypt = false, Compression = Compression.None } };
        if (MicDiagnosis.TryExplain(await PackAsync(payload, bare, cancellationToken).ConfigureAwait(false), theirs, out var reading))
            return $"the partner hashed {reading}, in {theirs.Algorithm}";
        if (partnership.Sending.Compression != Compression.BeforeSigning)
            return null;
        var compressed = bare with { Sending = bare.Sending with { Compression = Compression.BeforeSigning } };
        return MicDiagnosis.TryExplain(await PackAsync(payload, compressed, cancellationToken).ConfigureAwait(false), theirs, out reading)
            ? $"the partner hashed, of the compressed content, {reading}, in {theirs.Algorithm}"
            : null;
    }

    private async ValueTask<byte[]> PackAsync(StoredPayload payload, Partnership partnership, CancellationToken cancellationToken)
    {
        var body = new Body();
        using var writer = new LayerWriter(
            new LayerWriterOptions { Security = partnership.Sending, Quirks = partnership.Quirks, Now = clock.GetUtcNow() }, body);
        var sink = writer.Begin(new PayloadHeader { ContentType = payload.ContentType, FileName = payload.FileName });
        var content = await blobs.OpenReadAsync(payload.Content, cancellationToken).ConfigureAwait(false);
        await using var _ = content.ConfigureAwait(false);
        var block = new byte[64 << 10];
        int read;
        while ((read = await content.ReadAsync(block, cancellationToken).ConfigureAwait(false)) > 0)
            sink.Push(block.AsSpan(0, read));
        return [.. HeaderWriter.ToOctets(writer.Complete().Headers), .. body.Octets.ToArray()];
    }

    private sealed class Body : IOctetSink
    {
        public MemoryStream Octets { get; } = new();

        public void Push(ReadOnlySpan<byte> octets) => Octets.Write(octets);
    }
}
