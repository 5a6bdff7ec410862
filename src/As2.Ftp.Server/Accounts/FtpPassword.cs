using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace As2.Ftp.Server.Accounts;

/// <summary>Passwords as they are kept: <c>pbkdf2-sha512$iterations$salt$hash</c>, salted, never reversible. Thread-safe.</summary>
public static class FtpPassword
{
    private const string Scheme = "pbkdf2-sha512";
    private const int Iterations = 210_000;
    private const int SaltBytes = 16;
    private const int HashBytes = 32;

    // Something to compare with when there is no such user, so that both answers take the same time.
    private static readonly Lazy<string> s_nobody = new(() => Hash(Convert.ToHexString(RandomNumberGenerator.GetBytes(16))));

    /// <summary>Hashes a password with a fresh salt; takes about a tenth of a second on purpose.</summary>
    public static string Hash(string password)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        var hash = Derive(password, salt, Iterations, HashBytes);
        return $"{Scheme}${Iterations}${Convert.ToBase64String(salt)}${Convert.ToBase64String(hash)}";
    }

    /// <summary>True when the password is the one that was hashed. Constant time in the password.</summary>
    /// <param name="stored">What <see cref="Hash"/> gave; null for an unknown user, which is always false and takes as long.</param>
    /// <param name="password">What was sent.</param>
    /// <exception cref="As2Exception">AS2-FTP-010: <paramref name="stored"/> is not in the form of <see cref="Hash"/>.</exception>
    public static bool Verify(string? stored, string password)
    {
        var (salt, iterations, expected) = Parse(stored ?? s_nobody.Value);
        var actual = Derive(password, salt, iterations, expected.Length);
        return CryptographicOperations.FixedTimeEquals(actual, expected) & stored is not null;
    }

    private static byte[] Derive(string password, byte[] salt, int iterations, int length)
        => Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(password), salt, iterations, HashAlgorithmName.SHA512, length);

    private static (byte[] Salt, int Iterations, byte[] Hash) Parse(string stored)
    {
        var parts = stored.Split('$');
        if (parts.Length == 4 && parts[0] == Scheme
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var iterations) && iterations >= 1000
            && TryBase64(parts[2]) is { Length: >= SaltBytes } salt && TryBase64(parts[3]) is { Length: HashBytes } hash)
            return (salt, iterations, hash);
        throw new As2Exception("AS2-FTP-010", $"A stored password is not in the form {Scheme}$iterations$salt$hash: set it again with FtpPassword.Hash.");
    }

    private static byte[]? TryBase64(string text)
    {
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var length) ? bytes[..length] : null;
    }
}
