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

    private MultipartSignedWriter(LayerWriterOptions options, string boundary, IOctetSink output)
    {
        (_options, _output) = (options, output);
        _digester = new Digester(options.Security.Digest);
        _delimiter = Encoding.ASCII.GetBytes($"--{boundary}");
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

    public static MultipartSignedWriter Begin(LayerWriterOptions options, string boundary, IOctetSink output) => new(options, boundary, output);

    public override void Push(ReadOnlySpan<byte> octets)
    {
        _digester.Append(octets);
        _output.Push(octets);
    }

    public override void Complete()
    {
        Mic = new MessageIntegrityCheck(_options.Security.Digest, _digester.Finish());
        var signature = SignedData.CreateDetached(Mic.Digest.Span, _options.Security, _options.Signer!, _options.Now);
        _output.Push([.. "\r\n"u8, .. _delimiter, .. "\r\n"u8]);
        _output.Push("Content-Type: application/pkcs7-signature; name=\"smime.p7s\"\r\n"u8);
        _output.Push("Content-Transfer-Encoding: base64\r\n"u8);
        _output.Push("Content-Disposition: attachment; filename=\"smime.p7s\"\r\n\r\n"u8);
        using (var base64 = new Base64Encoder(_output))
        {
            base64.Push(signature);
            base64.Complete();
        }
        // The last line of base64 ended its own line; that line end belongs to the delimiter.
        _output.Push([.. _delimiter, .. "--\r\n"u8]);
    }

    public override void Dispose() => _digester.Dispose();
}
