namespace ManagedGateway.Console;

/// <summary>Where a page may lead after signing in: only to ourselves.</summary>
internal static class LocalPath
{
    /// <summary>The path, or the first page for whatever is none of ours.</summary>
    public static string Of(string? path)
        => path is ['/', ..] && !path.StartsWith("//", StringComparison.Ordinal) && !path.Contains('\\') && !path.Any(char.IsControl) ? path : "/";
}
