using As2.Agreements;

namespace As2.Restart;

/// <summary>
/// Names one transfer of one message: the sender's entity-tag, which counts only together with the pair of names, so that no partner
/// can reach what another one sent (draft-harding-as2-restart §4.1).
/// </summary>
/// <param name="From">AS2-From.</param>
/// <param name="To">AS2-To.</param>
/// <param name="Tag">The entity-tag, quotes included.</param>
internal readonly record struct TransferTag(As2Identifier From, As2Identifier To, string Tag)
{
    public const string HeaderName = "ETag";
    private const int MaxLength = 256;

    /// <summary>The tag of a header value; null when there is none, or a weak one, which names no octets.</summary>
    public static string? Read(string? value)
    {
        var tag = value?.Trim();
        if (tag is not { Length: > 2 and <= MaxLength } || tag[0] != '"' || tag[^1] != '"')
            return null;
        var name = tag.AsSpan(1, tag.Length - 2);
        return name.ContainsAnyExceptInRange('!', '~') || name.Contains('"') ? null : tag;
    }

    /// <summary>The tag of a message of ours: the same for every attempt, since the octets are the same.</summary>
    public static string Of(string id, string host) => $"\"{id}@{host}\"";
}
