using System.Buffers;
using System.Buffers.Text;
using MimeKit.Encodings;

namespace As2.Mime;

/// <summary>
/// Decodes base64 that is whole in memory (RFC 2045 §6.8): by the platform where it is faultless, a third of the time, else by MimeKit,
/// which passes over what is no base64.
/// </summary>
internal static class Base64Text
{
    /// <summary>Octets that <see cref="Decode"/> may need for so much text.</summary>
    public static int Room(int length) => Base64.GetMaxDecodedFromUtf8Length(length) + 3;

    /// <summary>Writes the octets, and says how many there are.</summary>
    public static unsafe int Decode(ReadOnlySpan<byte> text, Span<byte> octets)
    {
        if (Base64.DecodeFromUtf8(text, octets, out _, out var written) == OperationStatus.Done)
            return written;
        fixed (byte* input = text)
        fixed (byte* output = octets)
            return new Base64Decoder().Decode(input, text.Length, output);
    }
}
