using As2.Headers;

namespace As2.Transmission;

/// <summary>What became of a post.</summary>
/// <param name="StatusCode">The HTTP status; null when there was no answer.</param>
/// <param name="Headers">The answer's header fields.</param>
/// <param name="Body">The start of the answer's body, at most 1 MiB.</param>
/// <param name="RetryAfter">What the answer asked for.</param>
/// <param name="Failure">Why there was no answer, in plain words; null when there was one.</param>
/// <param name="NeedsMending">True when only a person can mend it: TLS trust, credentials, an address that does not exist.</param>
public sealed record PostOutcome(
    int? StatusCode, HeaderFields Headers, ReadOnlyMemory<byte> Body, TimeSpan? RetryAfter = null, string? Failure = null, bool NeedsMending = false)
{
    /// <summary>True for any 2xx.</summary>
    public bool IsSuccess => StatusCode is >= 200 and < 300;

    /// <summary>True when there was no answer, or one that says: not now. The same post may succeed later.</summary>
    internal bool IsOfTheMoment => StatusCode is null or 408 or 425 or 429 or >= 500;

    /// <summary>Where a 307 or 308 points, when that is the same host and no step down from https; else null.</summary>
    internal Uri? RedirectFrom(Uri address)
    {
        if (StatusCode is not (307 or 308) || !Uri.TryCreate(address, Headers["Location"], out var next))
            return null;
        var isSameHost = string.Equals(next.Host, address.Host, StringComparison.OrdinalIgnoreCase) && next.UserInfo.Length == 0;
        var isAsSafe = next.Scheme == address.Scheme || (next.Scheme == Uri.UriSchemeHttps && address.Scheme == Uri.UriSchemeHttp);
        return isSameHost && isAsSafe ? next : null;
    }
}
