using As2.Mime;

namespace As2.Layers;

/// <summary>The second part of multipart/signed: a header, then the CMS in base64 or as it is, whatever the header says.</summary>
internal static class SignaturePart
{
    /// <summary>The tag that every CMS begins with; in base64 that is an M.</summary>
    private const byte Sequence = 0x30;

    /// <summary>The CMS octets; the caller disposes them.</summary>
    public static PooledBuffer Decode(ReadOnlySpan<byte> part)
    {
        var body = part[Math.Max(HeaderBlock.FindBody(part), 0)..];
        var cms = new PooledBuffer();
        var start = body.TrimStart(" \t\r\n"u8);
        if (!start.IsEmpty && start[0] == Sequence)
            cms.Append(start);
        else
            cms.Advance(Base64Text.Decode(body, cms.Reserve(Base64Text.Room(body.Length))));
        return cms;
    }
}
