using System.Security.Cryptography;
using System.Text;
using As2.Layers;

namespace As2.Mime;

/// <summary>The boundary of a multipart (RFC 2046 §5.1.1).</summary>
internal static class Boundary
{
    /// <summary>The boundary that an entity declares.</summary>
    public static ReadOnlySpan<char> Of(EntityHeaders headers)
    {
        var boundary = headers.ParameterText("boundary").TrimEnd(' ');
        if (boundary.IsEmpty || boundary.Length > MultipartScanner.MaxBoundaryLength)
            throw Faults.Structure("RFC 2046 §5.1.1", $"A {headers.MediaType} without a boundary of 1 to {MultipartScanner.MaxBoundaryLength} characters.");
        return boundary;
    }

    /// <summary>
    /// The one that goes with a Message-ID: another for every message, and the same whenever that message is put together again, so
    /// that a MIC can be taken of it later. The content was there before the id.
    /// </summary>
    public static string For(string messageId) => $"=_as2_{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(messageId)).AsSpan(0, 16))}";

    /// <summary>A new one: 128 random bits, so that no content holds it.</summary>
    public static string Create() => "=_as2_" + IdentifierBits.Hex();
}
