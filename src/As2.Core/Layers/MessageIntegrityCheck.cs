using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace As2.Layers;

/// <summary>
/// A MIC: a digest and its algorithm, the value of <c>Received-Content-MIC</c> (RFC 4130 §7.4.3). Equality compares algorithm and
/// bytes, never spelling, in fixed time.
/// </summary>
public sealed class MessageIntegrityCheck : IEquatable<MessageIntegrityCheck>
{
    private string? _text;

    /// <summary>Creates a MIC of the given digest.</summary>
    public MessageIntegrityCheck(DigestAlgorithm algorithm, ReadOnlyMemory<byte> digest) => (Algorithm, Digest) = (algorithm, digest);

    /// <summary>The digest algorithm.</summary>
    public DigestAlgorithm Algorithm { get; }

    /// <summary>The digest.</summary>
    public ReadOnlyMemory<byte> Digest { get; }

    /// <summary>
    /// Reads <c>base64, algorithm</c>: any blanks, any spelling of the algorithm, and the order reversed, as some products write it.
    /// </summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out MessageIntegrityCheck? mic)
    {
        mic = null;
        var comma = text?.LastIndexOf(',') ?? -1;
        if (comma < 0)
            return false;
        var (left, right) = (text![..comma], text[(comma + 1)..]);
        if (!DigestAlgorithm.TryParse(right, out var algorithm))
        {
            (left, right) = (right, left);
            if (!DigestAlgorithm.TryParse(right, out algorithm))
                return false;
        }
        try
        {
            var digest = Convert.FromBase64String(left.Trim());
            mic = digest.Length == 0 ? null : new MessageIntegrityCheck(algorithm, digest);
        }
        catch (FormatException)
        {
            // The caller reports the text: an unreadable MIC is a fact about the partner, not an error of ours.
        }
        return mic is not null;
    }

    /// <inheritdoc/>
    public bool Equals(MessageIntegrityCheck? other)
        => other is not null && Algorithm == other.Algorithm
            && CryptographicOperations.FixedTimeEquals(Digest.Span, other.Digest.Span);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as MessageIntegrityCheck);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Algorithm, Digest.Length > 3 ? BitConverter.ToInt32(Digest.Span) : 0);

    /// <summary>The form we write: base64, comma, one blank, algorithm.</summary>
    public override string ToString() => _text ??= Write(Algorithm.WireName);

    /// <summary>The form we write with another spelling of the algorithm.</summary>
    public string ToString(string algorithmName) => algorithmName == Algorithm.WireName ? ToString() : Write(algorithmName);

    private string Write(string algorithmName) => $"{Convert.ToBase64String(Digest.Span)}, {algorithmName}";
}
