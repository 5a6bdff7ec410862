using As2.Agreements;

namespace As2.Transmission;

/// <summary>
/// Decides whether a Receipt-Delivery-Option may be followed. It is remote text that makes us post, so only hosts of the agreement
/// count; anything else is answered on the same connection, never dropped.
/// </summary>
public static class ReceiptUrlPolicy
{
    private const int MaxLength = 2000;

    /// <summary>The address to post to, or null: answer synchronously.</summary>
    /// <param name="url">The header's value, or null.</param>
    /// <param name="partnership">Whose agreement bounds the hosts.</param>
    public static Uri? Accept(string? url, Partnership partnership)
    {
        if (url is null or { Length: > MaxLength } || !Uri.TryCreate(url, UriKind.Absolute, out var address))
            return null;
        var isPlain = address.Scheme is "http" or "https" && address.UserInfo.Length == 0 && address.Fragment.Length == 0;
        var isAgreed = string.Equals(address.Host, partnership.Endpoint?.Host, StringComparison.OrdinalIgnoreCase)
            || partnership.Receipt.AllowedReceiptHosts.Contains(address.Host);
        return isPlain && isAgreed ? address : null;
    }
}
