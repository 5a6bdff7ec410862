using System.Globalization;
using System.Security.Cryptography;

namespace As2.Headers;

/// <summary>Message-IDs: made by us, and the two forms of what a partner sends (RFC 4130 §5.3.3).</summary>
public static class MessageId
{
    /// <summary>
    /// A new identifier: <c>&lt;AS2-20261123T190000Z-128 random bits@host&gt;</c>, only letters, digits, dots and hyphens between the
    /// brackets and the <c>@</c>.
    /// </summary>
    /// <param name="host">The right side: letters, digits, dots and hyphens.</param>
    /// <param name="now">Its time.</param>
    public static string New(string host, DateTimeOffset now)
        => string.Create(CultureInfo.InvariantCulture, $"<AS2-{now.UtcDateTime:yyyyMMdd'T'HHmmss'Z'}-{IdentifierBits.Hex()}@{host}>");

    /// <summary>The id of a further attempt, for partners that refuse one they have seen: <c>&lt;left.2@host&gt;</c>.</summary>
    internal static string ForAttempt(string id, int attempt)
    {
        var at = id.LastIndexOf('@');
        return attempt < 2 || at < 0 ? id : string.Create(CultureInfo.InvariantCulture, $"{id[..at]}.{attempt}{id[at..]}");
    }

    /// <summary>The key form of the first attempt's id, from that of any attempt.</summary>
    internal static string FirstAttemptOf(string key)
    {
        var at = key.LastIndexOf('@');
        var dot = at < 0 ? -1 : key.LastIndexOf('.', at);
        return dot > 0 && dot + 1 < at && key.AsSpan(dot + 1, at - dot - 1).IndexOfAnyExceptInRange('0', '9') < 0 ? key[..dot] + key[at..] : key;
    }

    /// <summary>The same identifier for the same key of the caller, for a file that must not become two messages.</summary>
    /// <param name="host">As with <see cref="New"/>.</param>
    /// <param name="key">Any text; it is not readable in the identifier.</param>
    internal static string FromKey(string host, string key)
        => $"<AS2-{Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(key)))[..40]}@{host}>";

    /// <summary>
    /// The form for comparison: outer blanks and one pair of outer brackets removed, nothing else. The form to echo is the value as
    /// it came.
    /// </summary>
    public static string KeyOf(string wire)
    {
        var id = wire.AsSpan().Trim();
        if (id.Length > 0 && id[0] == '<')
            id = id[1..];
        if (id.Length > 0 && id[^1] == '>')
            id = id[..^1];
        return id.Trim().ToString();
    }
}
