using System.Text;
using As2.Headers;
using As2.Mime;

namespace As2.Layers;

/// <summary>Writes multipart/signed (RFC 1847, RFC 8551 §3.5.3): what is pushed is the first part, hashed on its way.</summary>
internal sealed class MultipartSignedWriter : OctetStage
{
    private readonly LayerWriterOptions _options;
    private readonly IOctetSink _output;
    private readonly Digester _digester;
    private readonly byte[] _delimiter;

    public MultipartSignedWriter(LayerWriterOptions options, string boundary, IOctetSink output)
    {
        (_options, _output) = (options, output);
        _digester = new Digester(options.Security.Digest);
        _delimiter = new byte[2 + boundary.Length];
        "--"u8.CopyTo(_delimiter);
        Encoding.ASCII.GetBytes(boundary, _delimiter.AsSpan(2));
        _output.Push(_delimiter);
        _output.Push("\r\n"u8);
    }

    /// <summary>The MIC of the signed part; set at the end.</summary>
    public MessageIntegrityCheck? Mic { get; private set; }

    /// <summary>The header fields of the multipart.</summary>
    public static HeaderFields Headers(LayerWriterOptions options, string boundary) => new()
    {
        {
            "Content-Type",
            $"multipart/signed; protocol=\"application/pkcs7-signature\"; micalg={options.Security.Digest.NameFor(options.Quirks)}; boundary=\"{boundary}\""
        },
        { "Content-Transfer-Encoding", "binary" },
    };

    public override void Push(ReadOnlySpan<byte> octets)
    {
        _digester.Append(octets);
        _output.Push(octets);
    }

    public override void Complete()
    {
        Mic = new MessageIntegrityCheck(_options.Security.Digest, _digester.Finish());
        using PooledBuffer signature = new(), part = new();
        SignedDataWriter.Write(Mic.Digest.Span, _options.Security, _options.Signer!, _options.Now, signature);
        part.Append("\r\n"u8);
        part.Append(_delimiter);
        part.Append("\r\nContent-Type: application/pkcs7-signature; name=\"smime.p7s\"\r\nContent-Transfer-Encoding: base64\r\n"u8);
        part.Append("Content-Disposition: attachment; filename=\"smime.p7s\"\r\n\r\n"u8);
        Base64Encoder.Encode(signature.Span, part);
        // The last line of base64 ended its own line; that line end belongs to the delimiter.
        part.Append(_delimiter);
        part.Append("--\r\n"u8);
        _output.Push(part.Span);
    }

    public override void Dispose() => _digester.Dispose();
}
