namespace As2.Receipts;

/// <summary>The disposition-type (RFC 4130 §7.4.4).</summary>
public enum DispositionType
{
    /// <summary>The message was received and handled, well or badly; the modifier says which.</summary>
    Processed,

    /// <summary>The request for a receipt could not be met; used for nothing else.</summary>
    Failed,
}

/// <summary>The keyword of a disposition-modifier.</summary>
public enum DispositionModifierKind
{
    /// <summary>No modifier: success.</summary>
    None,

    /// <summary>Success with a remark.</summary>
    Warning,

    /// <summary>The message was not accepted.</summary>
    Error,

    /// <summary>The request for a receipt could not be met.</summary>
    Failure,

    /// <summary>A keyword that no standard names.</summary>
    Other,
}

/// <summary>
/// The outcome of a message, the value of the <c>Disposition</c> field (RFC 4130 §7.4.4). An open set: <see cref="Text"/> may hold
/// anything a partner writes. Equality ignores case, as the field does.
/// </summary>
public readonly record struct Disposition
{
    /// <summary><c>processed</c>.</summary>
    public static readonly Disposition Processed = new(DispositionType.Processed, DispositionModifierKind.None, null);

    /// <summary><c>processed/error: authentication-failed</c>.</summary>
    public static readonly Disposition AuthenticationFailed = Error("authentication-failed");

    /// <summary><c>processed/error: decompression-failed</c>.</summary>
    public static readonly Disposition DecompressionFailed = Error("decompression-failed");

    /// <summary><c>processed/error: decryption-failed</c>; the one outcome of every failure to decrypt.</summary>
    public static readonly Disposition DecryptionFailed = Error("decryption-failed");

    /// <summary><c>processed/error: insufficient-message-security</c>.</summary>
    public static readonly Disposition InsufficientMessageSecurity = Error("insufficient-message-security");

    /// <summary><c>processed/error: integrity-check-failed</c>.</summary>
    public static readonly Disposition IntegrityCheckFailed = Error("integrity-check-failed");

    /// <summary><c>processed/error: unexpected-processing-error</c>.</summary>
    public static readonly Disposition UnexpectedProcessingError = Error("unexpected-processing-error");

    /// <summary><c>processed/error: unknown-trading-partner</c>, the deployed spelling.</summary>
    public static readonly Disposition UnknownTradingPartner = Error("unknown-trading-partner");

    /// <summary>No agreement with this pair of names: rfc4130bis's word for it.</summary>
    public static readonly Disposition UnknownTradingRelationship = Error("unknown-trading-relationship");

    /// <summary><c>processed/error: invalid-message-id</c>, of draft rfc4130bis.</summary>
    internal static readonly Disposition InvalidMessageId = Error("invalid-message-id");

    /// <summary><c>processed/warning: duplicate-document</c>.</summary>
    public static readonly Disposition DuplicateDocument = new(DispositionType.Processed, DispositionModifierKind.Warning, "duplicate-document");

    /// <summary><c>failed/failure: unsupported format</c>.</summary>
    public static readonly Disposition UnsupportedFormat = new(DispositionType.Failed, DispositionModifierKind.Failure, "unsupported format");

    /// <summary><c>failed/failure: unsupported MIC-algorithms</c>.</summary>
    public static readonly Disposition UnsupportedMicAlgorithms = new(DispositionType.Failed, DispositionModifierKind.Failure, "unsupported MIC-algorithms");

    /// <summary><c>failed/failure: sender-equals-receiver</c>.</summary>
    public static readonly Disposition SenderEqualsReceiver = new(DispositionType.Failed, DispositionModifierKind.Failure, "sender-equals-receiver");

    /// <summary>Creates a disposition.</summary>
    public Disposition(DispositionType type, DispositionModifierKind modifier, string? text)
        => (Type, Modifier, Text) = (type, modifier, text);

    /// <summary>The disposition-type.</summary>
    public DispositionType Type { get; }

    /// <summary>The keyword of the modifier.</summary>
    public DispositionModifierKind Modifier { get; }

    /// <summary>The text after the keyword, or null.</summary>
    public string? Text { get; }

    /// <summary>True for <c>processed</c> alone or with a warning: the payload was taken.</summary>
    public bool IsSuccess => Type == DispositionType.Processed && Modifier is DispositionModifierKind.None or DispositionModifierKind.Warning;

    /// <summary><c>processed/error: <paramref name="text"/></c>.</summary>
    public static Disposition Error(string text) => new(DispositionType.Processed, DispositionModifierKind.Error, text);

    /// <summary>
    /// Reads the value of a <c>Disposition</c> field, with its mode or without, in every form that deployed products write
    /// (RFC 4130 §7.4.3, §7.5.6; RFC 8098 §3.2.6).
    /// </summary>
    public static bool TryParse(string? field, out Disposition disposition) => DispositionParser.TryParse(field, out disposition);

    /// <inheritdoc/>
    public bool Equals(Disposition other)
        => Type == other.Type && Modifier == other.Modifier && string.Equals(Text, other.Text, StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Type, Modifier, StringComparer.OrdinalIgnoreCase.GetHashCode(Text ?? ""));

    /// <summary>The part after the mode, as it is written: <c>processed/error: decryption-failed</c>.</summary>
    public override string ToString()
    {
        var type = Type == DispositionType.Processed ? "processed" : "failed";
        var keyword = Modifier switch
        {
            DispositionModifierKind.None => null,
            DispositionModifierKind.Warning => "warning",
            DispositionModifierKind.Error => "error",
            DispositionModifierKind.Failure => "failure",
            _ => "",
        };
        return keyword switch
        {
            null => type,
            "" => $"{type}/{Text}",
            _ => string.IsNullOrEmpty(Text) ? $"{type}/{keyword}" : $"{type}/{keyword}: {Text}",
        };
    }
}
