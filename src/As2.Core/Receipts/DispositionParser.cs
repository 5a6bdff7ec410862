using System.Text;

namespace As2.Receipts;

/// <summary>
/// Reads a Disposition field (RFC 4130 §7.4.3):
/// <code>[ action-mode "/" sending-mode ";" ] type [ "/" keyword [ ":" text ] ]</code>
/// Tolerated: any case and blanks, a missing type before the keyword, <c>=</c> or <c>,</c> for the colon, a second copy behind
/// another semicolon, the types of RFC 3798 that AS2 dropped.
/// </summary>
internal static class DispositionParser
{
    private const int MaxText = 512;

    /// <summary>What nearly every receipt says.</summary>
    private const string Usual = "automatic-action/MDN-sent-automatically; processed";

    public static bool TryParse(string? field, out Disposition disposition)
    {
        disposition = Disposition.Processed;
        if (field == Usual)
            return true;
        var words = Outcome(field ?? "");
        var slash = words.IndexOf('/', StringComparison.Ordinal);
        var (type, modifier) = slash < 0 ? (words, "") : (words[..slash].TrimEnd(), words[(slash + 1)..].TrimStart());
        switch (type.ToLowerInvariant())
        {
            case "processed":
                disposition = WithModifier(DispositionType.Processed, modifier);
                return true;
            case "failed":
                disposition = WithModifier(DispositionType.Failed, modifier);
                return true;
            case "displayed" or "dispatched":
                disposition = new(DispositionType.Processed, DispositionModifierKind.Warning, type.ToLowerInvariant());
                return true;
            case "deleted":
                disposition = Disposition.Error("deleted");
                return true;
            default:
                return TryParseWithoutType(words, out disposition);
        }
    }

    /// <summary>What follows the mode: up to the next semicolon, blanks collapsed, control characters gone.</summary>
    private static string Outcome(string field)
    {
        var semicolon = field.IndexOf(';', StringComparison.Ordinal);
        var outcome = field[(semicolon + 1)..].TrimStart(' ', '\t', ';');
        if (outcome.IndexOf(';', StringComparison.Ordinal) is >= 0 and var next)
            outcome = outcome[..next];
        return Clean(outcome);
    }

    // "; error: authentication-failed", from products that forgot the type.
    private static bool TryParseWithoutType(string words, out Disposition disposition)
    {
        var (kind, text) = ReadModifier(words);
        disposition = new(kind == DispositionModifierKind.Failure ? DispositionType.Failed : DispositionType.Processed, kind, text);
        return kind is DispositionModifierKind.Error or DispositionModifierKind.Warning or DispositionModifierKind.Failure;
    }

    private static Disposition WithModifier(DispositionType type, string modifier)
    {
        var (kind, text) = modifier.Length == 0 ? (DispositionModifierKind.None, null) : ReadModifier(modifier);
        return new Disposition(type, kind, text);
    }

    private static (DispositionModifierKind Kind, string? Text) ReadModifier(string modifier)
    {
        var end = modifier.AsSpan().IndexOfAny(":=,");
        var keyword = (end < 0 ? modifier : modifier[..end]).Trim();
        var text = end < 0 ? null : modifier[(end + 1)..].Trim();
        var kind = keyword.ToLowerInvariant() switch
        {
            "error" => DispositionModifierKind.Error,
            "warning" => DispositionModifierKind.Warning,
            "failure" => DispositionModifierKind.Failure,
            _ => DispositionModifierKind.Other,
        };
        return kind == DispositionModifierKind.Other ? (kind, modifier) : (kind, string.IsNullOrEmpty(text) ? null : text);
    }

    private static string Clean(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var c in text.AsSpan().Trim())
        {
            var isBlank = char.IsWhiteSpace(c) || char.IsControl(c);
            if (!isBlank || (clean.Length > 0 && clean[^1] != ' '))
                clean.Append(isBlank ? ' ' : c);
            if (clean.Length == MaxText)
                break;
        }
        return clean.ToString().TrimEnd();
    }
}
