using System.Text;
using As2.Agreements;
using As2.Layers;
using As2.Receipts;
using As2.Testing;

namespace As2.Core.Tests.Walks;

/// <summary>
/// What deployed products post (quirks 49 to 89, RFC 5402 §3), each through the receive walk: the payload arrives as it was meant, and the
/// receipt carries the MIC of what was signed; or it is refused, in a defined disposition.
/// </summary>
[Parallelizable(ParallelScope.All)]
public sealed class ForeignMessageTests
{
    private const string Type = "multipart/signed; protocol=\"application/pkcs7-signature\"; micalg=sha-256; boundary=\"b\"";
    private const string Pkcs7 = "application/pkcs7-mime; smime-type=";
    private const string Order = "UNB+UNOA:1+ALICE+BOB+261123:1900+1'\r\nUNZ+0+1'\r\n";
    private const string Entity = "Content-Type: application/edifact\r\nContent-Transfer-Encoding: binary\r\n\r\n" + Order;

    private static IEnumerable<TestCaseData> Contents()
    {
        yield return new TestCaseData(Entity, Order).SetName("50 as it is");
        yield return new TestCaseData(Entity.Replace("\r\n", "\n", StringComparison.Ordinal), Order.Replace("\r\n", "\n", StringComparison.Ordinal)).SetName("50 LF only, also in its header");
        yield return new TestCaseData(Entity.Replace("UNZ", "U\rN\nZ\u0085", StringComparison.Ordinal), Order.Replace("UNZ", "U\rN\nZ\u0085", StringComparison.Ordinal)).SetName("52 CR, LF and NEL mixed");
        yield return new TestCaseData(Entity.Replace("Content-Transfer-Encoding: binary\r\n", "", StringComparison.Ordinal), Order).SetName("57 no transfer encoding");
        yield return new TestCaseData(Entity.Replace("binary", "8bit", StringComparison.Ordinal), Order).SetName("57 8bit");
        yield return new TestCaseData("Content-Type: text/plain\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=55NB+=\r\n1'=0D=0A", "UNB+1'\r\n").SetName("58 quoted-printable");
        yield return new TestCaseData("Content-Type: application/edifact\r\nContent-Transfer-Encoding: Base64\r\n\r\nVU5C\r\nKzEn\r\n", "UNB+1'").SetName("60 base64");
        yield return new TestCaseData("Content-Disposition: attachment;\r\n\tfilename=a.edi\r\n\r\n" + Order, Order).SetName("62 no type, a folded field");
        yield return new TestCaseData("\r\n" + Order, Order).SetName("62 no header at all");
        yield return new TestCaseData($"X-Long: {new string('a', 30_000)}\r\n" + Entity, Order).SetName("65 a header line of 30,000 octets");
        yield return new TestCaseData("Content-Type: application/edifact\r\n\r\n", "").SetName("nothing");
        yield return new TestCaseData("Content-Type: application/edifact\r\n\r\n--b is no delimiter\r\n--bc\r\n", "--b is no delimiter\r\n--bc\r\n").SetName("lines that look like delimiters");
    }

    [TestCaseSource(nameof(Contents))]
    [Rfc("4130", "7.3.1")]
    public async Task signed_content_is_hashed_as_it_came_and_delivered_decoded(string content, string payload)
    {
        var entity = Encoding.Latin1.GetBytes(content);
        foreach (var encrypt in new[] { false, true })
        {
            var body = Multipart(entity, Cms(entity));
            await AssertTakenAsync(encrypt ? Enveloped(Entitled(Type, body)) : body, encrypt ? Pkcs7 + "enveloped-data" : Type, payload, entity);
        }
    }

    [TestCase("", "", TestName = "54 no line end at the end")]
    [TestCase("", "\r\n\r\n\r\n", TestName = "54 line ends at the end")]
    [TestCase("", "\r\nAn epilogue\r\n", TestName = "54 an epilogue")]
    [TestCase("This is a multipart message.\r\n\r\n", "\r\n", TestName = "48 a preamble")]
    [TestCase("Content-Type: multipart/signed\r\n\r\n", "\r\n", TestName = "48 a header repeated in the body")]
    [TestCase("\r\n", "\r\n", TestName = "a line end before the first delimiter")]
    public async Task what_stands_outside_the_parts_is_ignored(string before, string behind)
    {
        var entity = Encoding.Latin1.GetBytes(Entity);
        await AssertTakenAsync(
            [.. Encoding.ASCII.GetBytes(before), .. Multipart(entity, Cms(entity))[..^2], .. Encoding.ASCII.GetBytes(behind)], Type, Order, entity);
    }

    [TestCase("multipart/signed; boundary=b", TestName = "70 neither micalg nor protocol")]
    [TestCase("multipart/signed; protocol=application/x-pkcs7-signature; micalg=sha; boundary=b", TestName = "70 sha, the old protocol, no quotes")]
    [TestCase("multipart/signed; micalg=\"sha1, md5, x\"; boundary=b;", TestName = "70 a list of others, a last semicolon")]
    [TestCase("MULTIPART/SIGNED; MICALG=SHA2_256; BOUNDARY=b", TestName = "72 capitals and an underscore")]
    [TestCase("multipart/signed;micalg=RSA-SHA256;boundary=\"b\"", TestName = "73 with the name of the key, no blanks")]
    [TestCase("multipart/signed ; micalg = sha256 ; boundary = \"b\" ; charset=utf-8", TestName = "blanks everywhere")]
    [TestCase("\"multipart/signed; micalg=sha-256; boundary=\\\"b\\\"\"", TestName = "24 the whole value in quotes")]
    public async Task the_type_of_signed_content_is_only_a_hint(string type)
    {
        var entity = Encoding.Latin1.GetBytes(Entity);
        await AssertTakenAsync(Multipart(entity, Cms(entity)), type, Order, entity);
    }

    [Test]
    public async Task quirk_70_a_wrong_micalg_over_long_content_costs_nothing([Values("sha1", "sha-512", "md5")] string micalg)
    {
        var text = string.Concat(Enumerable.Repeat(Order, 60_000));
        var entity = Encoding.Latin1.GetBytes(Entity.Replace(Order, text, StringComparison.Ordinal));
        await AssertTakenAsync(Multipart(entity, Cms(entity)), Type.Replace("sha-256", micalg, StringComparison.Ordinal), text, entity);
    }

    [TestCase("application/pkcs7-signature", "binary", 0, TestName = "78 binary")]
    [TestCase("application/x-pkcs7-signature; name=smime.p7s", "", 0, TestName = "68 the old type, binary without a label")]
    [TestCase("application/pkcs7-signature; smime-type=signed-data", "BASE64", 64, TestName = "69 a smime-type, base64 in LF lines of 64")]
    [TestCase("application/octet-stream", "base64", 1000, TestName = "another type, lines of 1000")]
    [TestCase("application/pkcs7-signature", "base64", 0, TestName = "49 binary labelled base64")]
    [TestCase("application/pkcs7-signature", "binary", 76, TestName = "49 base64 labelled binary")]
    [TestCase("application/pkcs7-signature", "binary", -1, TestName = "77 a line end behind the CMS")]
    public async Task a_signature_is_read_in_every_encoding(string type, string label, int lines)
    {
        var entity = Encoding.Latin1.GetBytes(Entity);
        var cms = Cms(entity);
        var content = lines switch { 0 => cms, < 0 => [.. cms, .. "\r\n"u8], _ => InLines(cms, lines) };
        var header = $"Content-Type: {type}\r\n{(label.Length == 0 ? "" : $"Content-Transfer-Encoding: {label}\r\n")}";
        await AssertTakenAsync(Multipart(entity, content, header), Type, Order, entity);
    }

    [Test]
    public async Task quirk_81_and_86_signatures_come_with_and_without_attributes_and_certificates([Values] bool attributes, [Values] EmbeddedCertificates certificates, [Values] SignatureScheme scheme)
    {
        var entity = Encoding.Latin1.GetBytes(Entity);
        await AssertTakenAsync(Multipart(entity, Cms(entity, new() { SignedAttributes = attributes, EmbeddedCertificates = certificates, Signature = scheme })), Type, Order, entity);
    }

    [Test]
    [Rfc("4130", "7.4.3")]
    public async Task signatures_over_every_digest_are_taken_where_the_agreement_allows_it(
        [Values("md5", "sha1", "sha-224", "sha-256", "sha-384", "sha-512", "sha3-256", "sha3-384", "sha3-512")] string name)
    {
        Assert.That(DigestAlgorithm.TryParse(name, out var digest));
        var entity = Encoding.Latin1.GetBytes(Entity);
        var body = Multipart(entity, Cms(entity, new() { Digest = digest! }));
        using var peer = new Peer();
        var strict = await peer.PostAsync(body, ("Content-Type", Type));
        Assert.That(strict.Disposition, Is.EqualTo(name is "md5" or "sha1" ? Disposition.InsufficientMessageSecurity : Disposition.Processed), strict.Diagnosis);
        await AssertTakenAsync(body, Type, Order, entity, digest);
    }

    [TestCase("x--b\r\n", TestName = "55 octets before the first delimiter")]
    [TestCase("--b\r\n\r\n--b--\r\n", TestName = "one part")]
    [TestCase("", TestName = "nothing")]
    public async Task what_is_no_signed_content_is_refused(string start)
    {
        var entity = Encoding.Latin1.GetBytes(Entity);
        using var peer = new Peer();
        var body = start.StartsWith('x') ? Encoding.ASCII.GetBytes(start).Concat(Multipart(entity, Cms(entity))[5..]).ToArray() : Encoding.ASCII.GetBytes(start);
        var answer = await peer.PostAsync(body, ("Content-Type", Type));
        Assert.That(answer.Disposition, Is.EqualTo(Disposition.UnexpectedProcessingError));
        Assert.That(Peer.ReceiptOf(answer).Notification!.Mic, Is.Null);
    }

    [Test]
    public async Task quirk_59_multipart_missing_from_the_type_is_no_signature()
    {
        using var peer = new Peer(p => p with { Receiving = new SecurityRequirements { RequireEncrypted = false } });
        var entity = Encoding.Latin1.GetBytes(Entity);
        var answer = await peer.PostAsync(Multipart(entity, Cms(entity)), ("Content-Type", Type["multipart/".Length..]));
        Assert.That(answer.Disposition, Is.EqualTo(Disposition.InsufficientMessageSecurity), answer.Diagnosis);
    }

    [TestCase("application/pkcs7-mime", "", 0, TestName = "67 no smime-type")]
    [TestCase("application/x-pkcs7-mime; name=smime.p7m", "", 0, TestName = "68 the old type")]
    [TestCase("Application/Pkcs7-Mime; SMIME-TYPE=\"ENVELOPED-DATA\"", "", 0, TestName = "73 capitals and quotes")]
    [TestCase("application/pkcs7-mime; smime-type=compressed-data", "", 0, TestName = "67 the wrong smime-type")]
    [TestCase("application/pkcs7-mime; smime-type=enveloped-data", "base64", 76, TestName = "49 base64")]
    [TestCase("application/pkcs7-mime; smime-type=enveloped-data", "", 64, TestName = "49 base64 without a label")]
    [TestCase("application/pkcs7-mime; smime-type=enveloped-data", "base64", 0, TestName = "49 binary labelled base64")]
    [TestCase("application/pkcs7-mime; smime-type=enveloped-data", "binary", -1, TestName = "77 a line end behind the CMS")]
    public async Task encryption_is_known_by_its_structure_whatever_it_is_called(string type, string label, int lines)
    {
        var entity = Encoding.Latin1.GetBytes(Entity);
        foreach (var encoding in Enum.GetValues<CmsEncoding>())
        {
            var cms = Enveloped(Entitled(Type, Multipart(entity, Cms(entity))), new() { CmsEncoding = encoding });
            var body = lines switch { 0 => cms, < 0 => [.. cms, .. "\r\n"u8], _ => InLines(cms, lines) };
            await AssertTakenAsync(body, type, Order, entity, null, label.Length == 0 ? [] : [("Content-Transfer-Encoding", label)]);
        }
    }

    /// <summary>RFC 5402 §3: S sign, C compress, E encrypt; the last is outermost. One compression at most, encryption outermost.</summary>
    [TestCase("S", true)]
    [TestCase("C", true)]
    [TestCase("E", true)]
    [TestCase("CS", true, TestName = "89 compressed, signed")]
    [TestCase("SC", true, TestName = "89 signed, compressed")]
    [TestCase("CE", true)]
    [TestCase("SE", true)]
    [TestCase("CSE", true)]
    [TestCase("SCE", true)]
    [TestCase("CC", false)]
    [TestCase("CSC", false)]
    [TestCase("SS", false)]
    [TestCase("EE", false)]
    [TestCase("ES", false)]
    [TestCase("EC", false)]
    [TestCase("ESC", false)]
    [Rfc("5402", "3")]
    [Rfc("5402", "3")]
    public async Task layers_come_in_every_order_that_rfc_5402_knows_and_in_no_other(string order, bool isTaken)
    {
        var (type, body) = ("application/edifact", Encoding.Latin1.GetBytes(Order));
        var hashed = order.Contains('S', StringComparison.Ordinal) ? null : Entitled(type, body);
        foreach (var layer in order)
        {
            var entity = Entitled(type, body);
            hashed ??= layer == 'S' ? entity : null;
            (type, body) = layer switch
            {
                'S' => (Type, Multipart(entity, Cms(entity))),
                'C' => (Pkcs7 + "compressed-data", Compressed(entity)),
                _ => (Pkcs7 + "enveloped-data", Enveloped(entity)),
            };
        }
        if (isTaken)
        {
            await AssertTakenAsync(body, type, Order, hashed!, order.Contains('S', StringComparison.Ordinal) ? null : DigestAlgorithm.Sha1);
            return;
        }
        using var peer = new Peer();
        var answer = await peer.PostAsync(body, ("Content-Type", type));
        Assert.That(answer.Outcome, Is.EqualTo(ReceiveOutcome.Refused), answer.Diagnosis);
        Assert.That((await peer.Store.GetAsync(answer.Id!, default))!.Payloads, Is.Empty);
    }

    [TestCase(200_000, "unexpected-processing-error", TestName = "a header over the limit")]
    [TestCase(60_000, null, TestName = "a header under the limit")]
    public async Task a_header_is_bounded(int length, string? error)
    {
        var entity = Encoding.Latin1.GetBytes($"X: {new string('a', length)}\r\n{Entity}");
        using var peer = new Peer();
        var answer = await peer.PostAsync(Multipart(entity, Cms(entity)), ("Content-Type", Type));
        Assert.That(answer.Disposition, Is.EqualTo(error is null ? Disposition.Processed : Disposition.Error(error)), answer.Diagnosis);
    }

    [Test]
    public async Task a_bomb_is_refused_before_it_fills_the_store_and_leaves_no_payload()
    {
        using var peer = new Peer();
        var answer = await peer.PostAsync(Compressed(Entitled("text/plain", new byte[32 << 20])), ("Content-Type", Pkcs7 + "compressed-data"));
        Assert.That(answer.Disposition, Is.EqualTo(Disposition.DecompressionFailed));
        Assert.That((await peer.Store.GetAsync(answer.Id!, default))!.Payloads, Is.Empty);
    }

    [TestCase(50, true)]
    [TestCase(51, false)]
    public async Task recipients_are_bounded(int count, bool isTaken)
    {
        var entity = Encoding.Latin1.GetBytes(Entity);
        using var peer = new Peer();
        var answer = await peer.PostAsync(Enveloped(entity, null, count), ("Content-Type", Pkcs7 + "enveloped-data"));
        Assert.That(answer.Disposition, Is.EqualTo(isTaken ? Disposition.Processed : Disposition.DecryptionFailed), answer.Diagnosis);
    }

    private static async Task AssertTakenAsync(
        byte[] body, string type, string payload, byte[] hashed, DigestAlgorithm? digest = null, params (string Name, string Value)[] fields)
    {
        using var peer = new Peer(p => p with { Receiving = p.Receiving with { Digests = DigestAlgorithm.All.ToHashSet() } });
        var answer = await peer.PostAsync(body, [("Content-Type", type), .. fields]);
        Assert.That(answer.Outcome, Is.EqualTo(ReceiveOutcome.Accepted), answer.Diagnosis);
        Assert.That(Encoding.Latin1.GetString((await peer.PayloadsAsync(answer)).Single().Octets), Is.EqualTo(payload));
        Assert.That(Peer.ReceiptOf(answer).Notification!.Mic, Is.EqualTo(Peer.Mic(digest ?? DigestAlgorithm.Sha256, hashed)));
    }

    private static byte[] Entitled(string type, byte[] body)
        => [.. Encoding.ASCII.GetBytes($"Content-Type: {type}\r\nContent-Transfer-Encoding: binary\r\n\r\n"), .. body];

    private static byte[] Cms(byte[] entity, SecurityAgreement? how = null)
    {
        how ??= new SecurityAgreement();
        return SignedData.CreateDetached(Digester.Hash(how.Digest, entity), how, TwoParties.Keys("Alice"), TimeProvider.System.GetUtcNow());
    }

    private static byte[] Multipart(byte[] entity, byte[] signature, string header = "Content-Type: application/pkcs7-signature\r\n")
        => [.. "--b\r\n"u8, .. entity, .. "\r\n--b\r\n"u8, .. Encoding.ASCII.GetBytes(header), .. "\r\n"u8, .. signature, .. "\r\n--b--\r\n"u8];

    private static byte[] Enveloped(byte[] entity, SecurityAgreement? how = null, int recipients = 1)
    {
        var options = Layers.LayerWriting.Options(how ?? new SecurityAgreement(), [.. Enumerable.Repeat(TwoParties.Keys("Bob"), recipients)]);
        return Through(output => new EnvelopedDataWriter(options, output), entity);
    }

    private static byte[] Compressed(byte[] entity) => Through(output => new CompressedDataWriter(output, new SecurityAgreement()), entity);

    private static byte[] Through(Func<IOctetSink, OctetStage> begin, byte[] octets)
    {
        var output = new Output();
        using var stage = begin(output);
        stage.Push(octets);
        stage.Complete();
        return [.. output.Octets];
    }

    private static byte[] InLines(byte[] octets, int length)
        => Encoding.ASCII.GetBytes(string.Concat(Convert.ToBase64String(octets).Chunk(length).Select(l => new string(l) + "\n")));

    private sealed class Output : IOctetSink
    {
        public List<byte> Octets { get; } = [];

        public void Push(ReadOnlySpan<byte> octets) => Octets.AddRange(octets);
    }
}
