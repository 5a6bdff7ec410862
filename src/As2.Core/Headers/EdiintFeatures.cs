namespace As2.Headers;

/// <summary>
/// The value of <c>EDIINT-Features</c> (RFC 6017 §2): what the sending product supports, never what the message uses. Tokens are
/// compared without case; unknown ones are kept and mean nothing. Immutable.
/// </summary>
public sealed class EdiintFeatures
{
    /// <summary>Several payloads in one message (RFC 6362).</summary>
    public const string MultipleAttachments = "multiple-attachments";

    /// <summary>Retries with the same Message-ID are recognised.</summary>
    public const string Reliability = "AS2-Reliability";

    /// <summary>Certificates are exchanged by messages (draft-meadors-certificate-exchange).</summary>
    public const string CertificateExchange = "CEM";

    /// <summary>What we announce.</summary>
    public static readonly EdiintFeatures Ours = new([MultipleAttachments, Reliability]);

    private readonly HashSet<string> _tokens;
    private string? _text;

    /// <summary>Creates a list.</summary>
    /// <param name="tokens">Letters, digits and hyphens each; others are dropped.</param>
    public EdiintFeatures(IEnumerable<string> tokens)
    {
        Tokens = [.. tokens.Where(IsToken).Distinct(StringComparer.OrdinalIgnoreCase)];
        _tokens = new(Tokens, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The tokens, as written.</summary>
    public IReadOnlyList<string> Tokens { get; }

    /// <summary>True when the token is announced.</summary>
    public bool Contains(string token) => _tokens.Contains(token);

    /// <summary>Reads header values; several headers count as one.</summary>
    public static EdiintFeatures Parse(IEnumerable<string> values)
        => new(values.SelectMany(v => v.Split(',')).Select(t => t.Trim(' ', '\t', '"')));

    /// <summary>These and one more.</summary>
    internal EdiintFeatures With(string token) => Contains(token) ? this : new([.. Tokens, token]);

    /// <summary>The header value.</summary>
    public override string ToString() => _text ??= string.Join(", ", Tokens);

    private static bool IsToken(string token) => token.Length > 0 && token.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');
}
