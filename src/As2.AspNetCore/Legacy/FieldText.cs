using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace As2.AspNetCore.Legacy;

/// <summary>A header field as Kestrel reads it: one line, in UTF-8.</summary>
internal static class FieldText
{
    /// <summary>Writes it. Octets that are no UTF-8 are Latin-1 (RFC 9110 §5.5), and written as the same characters.</summary>
    public static void Write(IBufferWriter<byte> output, ReadOnlySpan<byte> field)
    {
        output.Write(Utf8.IsValid(field) ? field : Encoding.UTF8.GetBytes(Encoding.Latin1.GetString(field)));
        output.Write("\r\n"u8);
    }
}
