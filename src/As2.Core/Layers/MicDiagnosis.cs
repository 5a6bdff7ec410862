using System.Diagnostics.CodeAnalysis;
using As2.Mime;

namespace As2.Layers;

/// <summary>
/// Explains a MIC that does not match: which other reading of the same octets gives it. Most mismatches in the field are one of these
/// (RFC 4130 §7.3.1, RFC 5402 §4), and the answer names the partner's mistake, or ours.
/// </summary>
public static class MicDiagnosis
{
    /// <summary>Finds the reading of an entity that gives the MIC.</summary>
    /// <param name="entity">The entity that the MIC should cover: header, blank line, body. Small messages only: it is hashed some fifty times.</param>
    /// <param name="mic">The MIC that came.</param>
    /// <param name="reading">In plain words, for example <c>the body without its header, with CRLF line ends</c>.</param>
    /// <returns>False when no reading known here gives it: the content itself is another.</returns>
    public static bool TryExplain(ReadOnlySpan<byte> entity, MessageIntegrityCheck mic, [NotNullWhen(true)] out string? reading)
    {
        foreach (var (name, octets) in Readings(entity.ToArray()))
        {
            if (!mic.Equals(new MessageIntegrityCheck(mic.Algorithm, Digester.Hash(mic.Algorithm, octets))))
                continue;
            reading = name;
            return true;
        }
        reading = MislabelledDigest(entity, mic);
        return reading is not null;
    }

    /// <summary>Every reading known here, in every digest of <paramref name="algorithms"/>; for people who compare by hand.</summary>
    /// <param name="entity">As for <see cref="TryExplain"/>.</param>
    /// <param name="algorithms">The digests.</param>
    public static IReadOnlyList<KeyValuePair<string, MessageIntegrityCheck>> All(ReadOnlySpan<byte> entity, IEnumerable<DigestAlgorithm> algorithms)
    {
        var readings = Readings(entity.ToArray()).ToList();
        return [.. algorithms.SelectMany(a => readings, (a, r) => KeyValuePair.Create(r.Name, new MessageIntegrityCheck(a, Digester.Hash(a, r.Octets))))];
    }

    private static IEnumerable<(string Name, byte[] Octets)> Readings(byte[] entity)
    {
        var body = Math.Max(HeaderBlock.FindBody(entity), 0);
        foreach (var (scope, octets) in Scopes(entity, body))
        {
            yield return (scope, octets);
            yield return ($"{scope}, with CRLF line ends", SignedReading.WithCrLf(octets));
            yield return ($"{scope}, with CRLF in place of every CR and LF", SignedReading.WithCrLf(octets, loneReturns: true));
            yield return ($"{scope}, with LF line ends", WithLf(octets));
            yield return ($"{scope}, without its last line end", SignedReading.TrimLineEnd(octets));
            yield return ($"{scope}, with one more line end", [.. octets, (byte)'\r', (byte)'\n']);
        }
    }

    private static IEnumerable<(string Name, byte[] Octets)> Scopes(byte[] entity, int body)
    {
        yield return ("the entity with its header", entity);
        yield return ("the body without its header", entity[body..]);
        if (HeaderBlock.TryParse(entity.AsSpan(0, body), out var fields) && Decoded(new EntityHeaders(fields), entity.AsSpan(body)) is { } decoded)
        {
            yield return ("the decoded body without its header", decoded);
            yield return ("the entity with its body decoded", [.. entity.AsSpan(0, body), .. decoded]);
        }
    }

    private static byte[]? Decoded(EntityHeaders headers, ReadOnlySpan<byte> body)
    {
        if (headers.Encoding == TransferEncoding.Identity)
            return null;
        using var collected = new Collector();
        using var decoder = new TransferDecoder(headers.Encoding, collected);
        decoder.Push(body);
        decoder.Complete();
        return collected.Octets.Span.ToArray();
    }

    /// <summary>The digest of another algorithm under this name.</summary>
    private static string? MislabelledDigest(ReadOnlySpan<byte> entity, MessageIntegrityCheck mic)
    {
        foreach (var algorithm in DigestAlgorithm.All.Where(a => a.Length == mic.Digest.Length && a != mic.Algorithm))
        {
            if (Digester.Hash(algorithm, entity).AsSpan().SequenceEqual(mic.Digest.Span))
                return $"the entity with its header, hashed with {algorithm} and labelled {mic.Algorithm}";
        }
        return null;
    }

    private static byte[] WithLf(byte[] octets)
    {
        var result = new List<byte>(octets.Length);
        for (var i = 0; i < octets.Length; i++)
        {
            if (octets[i] != '\r' || i + 1 == octets.Length || octets[i + 1] != '\n')
                result.Add(octets[i]);
        }
        return [.. result];
    }

    private sealed class Collector : OctetStage
    {
        public PooledBuffer Octets { get; } = new();

        public override void Push(ReadOnlySpan<byte> octets) => Octets.Append(octets);

        public override void Complete()
        {
        }

        public override void Dispose() => Octets.Dispose();
    }
}
