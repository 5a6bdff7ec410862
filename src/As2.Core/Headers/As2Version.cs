using System.Globalization;

namespace As2.Headers;

/// <summary>
/// The value of <c>AS2-Version</c> (RFC 4130 §6.1): it announces what its sender can receive and negotiates nothing. 1.1 takes
/// compression (RFC 5402), 1.2 carries EDIINT-Features (RFC 6017).
/// </summary>
/// <param name="Major">1 for every version of this protocol.</param>
/// <param name="Minor">0 to 3 so far.</param>
public readonly record struct As2Version(int Major, int Minor)
{
    /// <summary>1.0, also what an absent or unreadable header means.</summary>
    public static readonly As2Version V1_0 = new(1, 0);

    /// <summary>1.1: takes compression.</summary>
    public static readonly As2Version V1_1 = new(1, 1);

    /// <summary>1.2: carries EDIINT-Features. What we send by default.</summary>
    public static readonly As2Version V1_2 = new(1, 2);

    /// <summary>True for 1.2 and later: EDIINT-Features must go along.</summary>
    public bool HasFeatures => Major > 1 || Minor >= 2;

    /// <summary>Reads a header value; absent or unreadable is 1.0, which must not fail (RFC 4130 §6.1).</summary>
    public static As2Version Parse(string? value)
    {
        var text = value?.Trim() ?? "";
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        return dot > 0
            && int.TryParse(text.AsSpan(0, dot), NumberStyles.None, CultureInfo.InvariantCulture, out var major)
            && int.TryParse(text.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var minor)
            ? new As2Version(major, minor)
            : V1_0;
    }

    /// <summary>The header value: <c>1.2</c>.</summary>
    public override string ToString() => this == V1_2 ? "1.2" : string.Create(CultureInfo.InvariantCulture, $"{Major}.{Minor}");
}
