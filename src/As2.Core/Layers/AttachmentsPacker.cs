using System.Text;
using As2.Headers;
using As2.Mime;
using As2.Payloads;

namespace As2.Layers;

/// <summary>Puts several payloads into multipart/related (RFC 6362, RFC 2387); the first is its root.</summary>
internal sealed class AttachmentsPacker(LayerWriterOptions options, LayerStack layers) : PayloadPacker(options, layers)
{
    private readonly string _boundary = options.MessageId is { } id ? Boundary.For(id) : Boundary.Create();
    private IOctetSink? _body;

    public override IOctetSink Begin(PayloadHeader header)
    {
        if (_body is null)
        {
            _body = BeginEntity(new HeaderFields
            {
                { "Content-Type", $"multipart/related; type=\"{header.ContentType}\"; boundary=\"{_boundary}\"" },
                { "Content-Transfer-Encoding", "binary" },
            });
            Delimit("--", "\r\n");
        }
        else
        {
            base.Complete();
            Delimit("\r\n--", "\r\n");
        }
        HeaderWriter.Write(PayloadHeaders(header), _body);
        return BeginPayload(header, _body);
    }

    public override void Complete()
    {
        base.Complete();
        Delimit("\r\n--", "--\r\n");
    }

    private void Delimit(string before, string after) => _body!.Push(Encoding.ASCII.GetBytes(before + _boundary + after));
}
