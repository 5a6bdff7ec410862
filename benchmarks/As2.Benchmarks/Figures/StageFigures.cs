using System.Security.Cryptography;
using System.Text;
using As2.Headers;
using As2.Layers;
using As2.Mime;

namespace As2.Benchmarks.Figures;

/// <summary>Single stages: the MIC of bare content, the cut at the boundaries of a multipart.</summary>
internal static class StageFigures
{
    private const string Boundary = "=_as2_0123456789abcdef0123456789abcdef";
    private const int Size = 1 << 20;

    public static IEnumerable<Contest> All()
    {
        var (mic, scan) = (Mic(), Scan());
        yield return new Contest("mic-1m", mic.Work, mic.Floor);
        yield return new Contest("mime-scan-1m", scan.Work, scan.Floor) { Batch = 10 };
    }

    public static Stage Mic()
    {
        var content = RandomNumberGenerator.GetBytes(Size);
        var headers = new HeaderFields { { "Content-Type", "application/octet-stream" } };
        return new Stage(
            () =>
            {
                using var reader = new LayerReader(headers, new LayerReaderOptions { Now = Message.Now }, Discard.Instance);
                reader.Push(content);
                reader.Complete();
            },
            () => SHA256.HashData(content));
    }

    public static Stage Scan()
    {
        var needle = Encoding.ASCII.GetBytes("\n--" + Boundary);
        byte[] multipart =
        [
            .. Encoding.ASCII.GetBytes($"--{Boundary}\r\n\r\n"), .. RandomNumberGenerator.GetBytes(Size),
            .. Encoding.ASCII.GetBytes($"\r\n--{Boundary}--\r\n"),
        ];
        return new Stage(
            () =>
            {
                using var scanner = new MultipartScanner(Boundary, PartDiscard.Instance);
                scanner.Push(multipart);
                scanner.Complete();
            },
            () => multipart.AsSpan().IndexOf(needle));
    }

    private sealed class PartDiscard : IPartSink
    {
        public static readonly PartDiscard Instance = new();

        public void BeginPart()
        {
        }

        public void PushPart(ReadOnlySpan<byte> octets)
        {
        }

        public void EndPart()
        {
        }
    }
}
