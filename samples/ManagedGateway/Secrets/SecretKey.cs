using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using As2;
using As2.Certificates;

namespace ManagedGateway.Secrets;

/// <summary>
/// The key that every other secret is encrypted with, 256 bits as base64. It comes from, in this order: the variable
/// <c>GATEWAY_SECRET_KEY</c>; the systemd credential <c>gateway-secret-key</c>; the file that <c>GATEWAY_SECRET_KEY_FILE</c> names; the file
/// <c>secret.key</c> of the data folder, which is made when it is first needed.
/// </summary>
internal static class SecretKey
{
    public const string FileName = "secret.key";
    public const int Bytes = 32;

    private const string Credential = "gateway-secret-key";

    /// <summary>The key.</summary>
    /// <exception cref="As2Exception">GW-SECRET-001: it is unreadable, not 32 bytes, or others may read its file.</exception>
    public static byte[] Load(string data)
    {
        if (Environment.GetEnvironmentVariable("GATEWAY_SECRET_KEY") is { Length: > 0 } text)
            return Parse(text, "GATEWAY_SECRET_KEY");
        if (Environment.GetEnvironmentVariable("CREDENTIALS_DIRECTORY") is { Length: > 0 } credentials && File.Exists(Path.Combine(credentials, Credential)))
            return Read(Path.Combine(credentials, Credential));
        if (Environment.GetEnvironmentVariable("GATEWAY_SECRET_KEY_FILE") is { Length: > 0 } named)
            return Read(named);
        var own = Path.Combine(data, FileName);
        if (!File.Exists(own))
            Make(own);
        return Read(own);
    }

    /// <summary>Whether the key lies in the data folder, where the gateway itself may replace it.</summary>
    public static bool IsOwn(string data)
        => string.IsNullOrEmpty(Environment.GetEnvironmentVariable("GATEWAY_SECRET_KEY")) && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("GATEWAY_SECRET_KEY_FILE"))
            && !(Environment.GetEnvironmentVariable("CREDENTIALS_DIRECTORY") is { Length: > 0 } credentials && File.Exists(Path.Combine(credentials, Credential)))
            && File.Exists(Path.Combine(data, FileName));

    /// <summary>A new key.</summary>
    public static byte[] New() => RandomNumberGenerator.GetBytes(Bytes);

    /// <summary>Puts another key in the place of the data folder's own, whole or not at all.</summary>
    public static void Replace(string data, byte[] key)
    {
        var path = Path.Combine(data, FileName);
        File.Move(Write(path, key), path, overwrite: true);
    }

    private static string Write(string path, byte[] key)
    {
        var made = path + $".{Guid.NewGuid():N}.new";
        CertificateFile.WriteSecret(made, Encoding.ASCII.GetBytes(Convert.ToBase64String(key) + "\n"));
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(made, UnixFileMode.UserRead);
        return made;
    }

    private static void Make(string path)
    {
        var made = Write(path, New());
        try
        {
            File.Move(made, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another process of ours was first; its key counts.
            File.Delete(made);
        }
    }

    /// <summary>The key in a file.</summary>
    /// <exception cref="As2Exception">GW-SECRET-001.</exception>
    public static byte[] Read(string path)
    {
        try
        {
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & (UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite)) != 0
                && Path.GetDirectoryName(path) != Environment.GetEnvironmentVariable("CREDENTIALS_DIRECTORY"))
                throw new As2Exception("GW-SECRET-001", $"Others may read or write {path}: chmod 0400 it, and think about who may have read it.");
            return Parse(File.ReadAllText(path), path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new As2Exception("GW-SECRET-001", $"The key of the secrets cannot be read from {path}: {e.Message}", e);
        }
    }

    private static byte[] Parse(string text, string where)
    {
        var trimmed = text.Trim();
        return Base64.IsValid(trimmed) && Convert.FromBase64String(trimmed) is { Length: Bytes } key
            ? key
            : throw new As2Exception("GW-SECRET-001", $"{where} is no key of {Bytes} bytes in base64: make one with 'openssl rand -base64 32', or restore yours.");
    }
}
