using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace ManagedGateway.Operations.Access;

/// <summary>Random words that open something: only their hash is kept.</summary>
internal static class Secret
{
    /// <summary>256 random bits as 43 characters that fit into an address.</summary>
    public static string New() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>What is kept of it. Its 256 bits need no salt and no slow hash.</summary>
    public static string Hash(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
}
