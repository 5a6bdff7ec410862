using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using As2.Agreements;
using As2.Headers;
using As2.Layers;
using As2.Mime;
using As2.Storage;

namespace As2.Benchmarks.Figures;

/// <summary>Single stages: the MIC of bare content, the cut at the boundaries of a multipart, the acceptance into the store.</summary>
internal static class StageFigures
{
    private const string Boundary = "=_as2_0123456789abcdef0123456789abcdef";

    private static readonly As2Identifier s_alice = new("alice");
    private static readonly As2Identifier s_bob = new("bob");

    private static long s_accepted;

    public static IEnumerable<Contest> All()
    {
        var content = RandomNumberGenerator.GetBytes(1 << 20);
        var needle = Encoding.ASCII.GetBytes("\n--" + Boundary);
        byte[] multipart = [.. Encoding.ASCII.GetBytes($"--{Boundary}\r\n\r\n"), .. content, .. Encoding.ASCII.GetBytes($"\r\n--{Boundary}--\r\n")];
        var store = new InMemoryStore();
        yield return new Contest("mic-1m", () => Mic(content), () => SHA256.HashData(content));
        yield return new Contest("mime-scan-1m", () => Scan(multipart), () => multipart.AsSpan().IndexOf(needle)) { Batch = 10 };
        yield return new Contest("store-accept-memory", () => Accept(store)) { Batch = 10 };
    }

    private static void Mic(byte[] content)
    {
        var headers = new HeaderFields { { "Content-Type", "application/octet-stream" } };
        using var reader = new LayerReader(headers, new LayerReaderOptions { Now = Message.Now }, Discard.Instance);
        reader.Push(content);
        reader.Complete();
    }

    private static void Scan(byte[] multipart)
    {
        using var scanner = new MultipartScanner(Boundary, PartDiscard.Instance);
        scanner.Push(multipart);
        scanner.Complete();
    }

    private static void Accept(InMemoryStore store)
    {
        var id = (++s_accepted).ToString(CultureInfo.InvariantCulture);
        var accepted = store.AcceptAsync(
            new NewMessage
            {
                Message = new StoredMessage
                {
                    Id = id,
                    Key = new MessageKey(MessageDirection.Inbound, s_bob, s_alice, id),
                    MessageId = $"<{id}>",
                    State = MessageState.Accepted,
                },
                Jobs = [new NewJob(JobKind.Deliver)],
            },
            CancellationToken.None);
        if (!accepted.IsCompletedSuccessfully || !accepted.Result.IsNew)
            throw new InvalidOperationException("The store did not accept at once.");
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
