using System.Text;
using As2.Layers;
using As2.Mime;
using As2.Testing;
using CsCheck;

namespace As2.Core.Tests.Mime;

/// <summary>Parts are cut octet for octet, however the octets arrive.</summary>
[TestFixture]
[Rfc("2046", "5.1.1")]
[Rfc("8551", "3.1")]
public sealed class MultipartScannerTests
{
    private static readonly string[] s_pieces = ["\r", "\n", "\r\n", "--", "--b", "b", "-", " ", "x"];

    private static IEnumerable<TestCaseData> Cases =>
        from @case in new (string Name, string Body, string[] Parts)[]
        {
            ("plain", "--b\r\none\r\n--b\r\ntwo\r\n--b--\r\n", ["one", "two"]),
            ("a payload's own last line end stays", "--b\r\none\r\n\r\n--b--\r\n", ["one\r\n"]),
            ("without the last line end", "--b\r\none\r\n--b--", ["one"]),
            ("preamble and epilogue", "pre\r\n--c\r\n--b\r\none\r\n--b--\r\nepi\r\n--b\r\nx", ["one"]),
            ("bare LF", "--b\none\n--b\ntwo\n--b--\n", ["one", "two"]),
            ("padding", "--b \t\r\none\r\n--b  \r\ntwo\r\n--b-- \r\n", ["one", "two"]),
            ("a longer boundary is content", "--b\r\none\r\n--bc\r\n--b--", ["one\r\n--bc"]),
            ("a boundary inside a line is content", "--b\r\none--b\r\ntwo\r\n--b--", ["one--b\r\ntwo"]),
            ("CR alone is content", "--b\r\none\r--b\r\r\n--b--", ["one\r--b\r"]),
            ("an empty part", "--b\r\n\r\n--b--", [""]),
            ("line ends that begin no delimiter", "--b\r\n\r\r\n\n\r\n-\r\n--\r\n--b--", ["\r\r\n\n\r\n-\r\n--"]),
        }
        from manner in PushManner.All.Append(PushManner.Of(3))
        select new TestCaseData(@case.Body, @case.Parts, manner).SetArgDisplayNames(@case.Name, manner.Name);

    [TestCaseSource(nameof(Cases))]
    public void parts_are_cut_octet_for_octet(string body, string[] parts, PushManner manner)
    {
        var sink = new Parts();
        using var scanner = new MultipartScanner("b", sink);
        manner.Push(Encoding.Latin1.GetBytes(body), new Into(scanner));
        scanner.Complete();
        Assert.That(sink.Texts, Is.EqualTo(parts));
        Assert.That(scanner.IsClosed);
    }

    [Test]
    public void a_lost_closing_delimiter_is_seen([Values("--b\r\none", "--b\r\none\r\n--b", "--b\r\none\r\n--b-", "nothing")] string body)
    {
        using var scanner = new MultipartScanner("b", new Parts());
        PushManner.ByByte.Push(Encoding.Latin1.GetBytes(body), new Into(scanner));
        scanner.Complete();
        Assert.That(scanner.IsClosed, Is.False);
    }

    [Test]
    public void the_cut_does_not_depend_on_the_chunks()
        => Gen.Select(Gen.Int[0, 8].Select(i => s_pieces[i]).Array[0, 60], Gen.Int[1, 9]).Sample((pieces, size) =>
        {
            var body = Encoding.Latin1.GetBytes(string.Concat(pieces));
            return Cut(body, PushManner.Whole).SequenceEqual(Cut(body, PushManner.Of(size)));
        }, threads: 1, iter: 2000);

    private static List<string> Cut(byte[] body, PushManner manner)
    {
        var sink = new Parts();
        using var scanner = new MultipartScanner("b", sink);
        manner.Push(body, new Into(scanner));
        scanner.Complete();
        return [.. sink.Texts, scanner.IsClosed.ToString(), scanner.HasEpilogue.ToString()];
    }

    private sealed class Into(MultipartScanner scanner) : IOctetSink
    {
        public void Push(ReadOnlySpan<byte> octets) => scanner.Push(octets);
    }

    private sealed class Parts : IPartSink
    {
        public List<string> Texts { get; } = [];

        public void BeginPart() => Texts.Add("");

        public void PushPart(ReadOnlySpan<byte> octets) => Texts[^1] += Encoding.Latin1.GetString(octets);

        public void EndPart()
        {
        }
    }
}
