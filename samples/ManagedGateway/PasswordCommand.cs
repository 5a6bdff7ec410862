using As2;
using As2.Ftp.Server.Accounts;

namespace ManagedGateway;

/// <summary><c>gateway password</c>: what stands in an account's <c>PasswordHash</c>. The password comes from standard input, so no history keeps it.</summary>
internal static class PasswordCommand
{
    /// <summary>The hash of the first line.</summary>
    /// <exception cref="As2Exception">GW-PASSWORD-001: it is empty.</exception>
    public static string Hash(TextReader input)
        => input.ReadLine() is { Length: > 0 } password
            ? FtpPassword.Hash(password)
            : throw new As2Exception("GW-PASSWORD-001", "There is no password. Type one, or pipe it: printf '%s\\n' \"$PASSWORD\" | gateway password");
}
