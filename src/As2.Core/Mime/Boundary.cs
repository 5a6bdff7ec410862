using System.Security.Cryptography;
using As2.Layers;

namespace As2.Mime;

/// <summary>The boundary of a multipart (RFC 2046 §5.1.1).</summary>
internal static class Boundary
{
    /// <summary>The boundary that an entity declares.</summary>
    public static string Of(EntityHeaders headers)
    {
        var boundary = headers.Parameter("boundary")?.TrimEnd(' ');
        if (string.IsNullOrEmpty(boundary) || boundary.Length > MultipartScanner.MaxBoundaryLength)
            throw Faults.Structure("RFC 2046 §5.1.1", $"A {headers.MediaType} without a boundary of 1 to {MultipartScanner.MaxBoundaryLength} characters.");
        return boundary;
    }

    /// <summary>A new one: 128 random bits, so that no content holds it.</summary>
    public static string Create() => $"=_as2_{RandomNumberGenerator.GetHexString(32, lowercase: true)}";
}
