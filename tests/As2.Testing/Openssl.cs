namespace As2.Testing;

/// <summary>The <c>openssl</c> program: the second opinion on every signature and envelope.</summary>
public static class Openssl
{
    /// <summary>Runs it and demands exit code 0.</summary>
    /// <param name="input">Standard input.</param>
    /// <param name="arguments">For example <c>"cms", "-verify", "-noverify", "-inform", "DER"</c>.</param>
    /// <returns>Standard output.</returns>
    public static async Task<byte[]> RunAsync(ReadOnlyMemory<byte> input, params string[] arguments)
        => (await TryAsync(input, arguments).ConfigureAwait(false)).Succeeded().Output;

    /// <summary>Runs it; the caller judges the exit code.</summary>
    public static Task<CommandResult> TryAsync(ReadOnlyMemory<byte> input, params string[] arguments)
        => Command.RunAsync("openssl", arguments, input);
}
