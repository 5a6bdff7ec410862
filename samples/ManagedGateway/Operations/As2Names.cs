using System.Diagnostics.CodeAnalysis;
using As2.Agreements;

namespace ManagedGateway.Operations;

/// <summary>AS2 names that somebody typed.</summary>
internal static class As2Names
{
    /// <summary>False for what cannot be one: empty, too long, or not printable ASCII.</summary>
    public static bool TryRead(string? text, [NotNullWhen(true)] out As2Identifier? name)
    {
        name = text is { Length: > 0 and <= 128 } && text.AsSpan().IndexOfAnyExceptInRange(' ', '~') < 0 ? new As2Identifier(text) : null;
        return name is not null;
    }
}
