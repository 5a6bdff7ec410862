using System.Text;
using As2.Agreements;
using As2.Headers;
using As2.Testing;

namespace As2.Core.Tests.Walks;

/// <summary>A request whose header was altered in any bit, or cut anywhere, has an outcome of its own kind, and never another payload.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class HeaderDamageTests
{
    private static readonly byte[] s_order = "UNB+UNOA:1+ALICE+BOB+261123:1900+1'"u8.ToArray();
    private static readonly int[] s_statuses = [200, 400, 403];

    [TestCase(false, false)]
    [TestCase(true, false)]
    [TestCase(true, true)]
    [Rfc("4130", "5.4")]
    public async Task every_flipped_bit_of_a_header_has_an_outcome(bool sign, bool encrypt)
    {
        using var peer = new Peer(p => p with { Receiving = new SecurityRequirements { RequireSigned = sign, RequireEncrypted = encrypt } });
        var message = Peer.Write(new SecurityAgreement { Sign = sign, Encrypt = encrypt }, s_order);
        var outcomes = new Dictionary<ReceiveOutcome, int>();
        for (var bit = 0; bit < Header(message, 0).Length * 8; bit++)
        {
            var header = Header(message, bit);
            header[bit / 8] ^= (byte)(1 << (bit % 8));
            var answer = await PostAsync(peer, header, message.Body);
            await CheckAsync(peer, answer, mustBeWhole: sign, $"octet {bit / 8} bit {bit % 8}");
            outcomes[answer.Outcome] = outcomes.GetValueOrDefault(answer.Outcome) + 1;
        }
        TestContext.Out.WriteLine(string.Join(", ", outcomes.Select(o => $"{o.Value} {o.Key}")));
        Assert.That(outcomes.Keys, Does.Contain(ReceiveOutcome.Accepted).And.Contain(ReceiveOutcome.TurnedAway));
    }

    [Test]
    public async Task every_truncated_header_has_an_outcome()
    {
        using var peer = new Peer();
        var message = Peer.Write(new SecurityAgreement { Encrypt = false }, s_order);
        for (var length = 0; length < Header(message, 0).Length; length++)
            await CheckAsync(peer, await PostAsync(peer, Header(message, length)[..length], message.Body), mustBeWhole: false, $"{length} octets");
    }

    private static async Task CheckAsync(Peer peer, ReceiveResult answer, bool mustBeWhole, string where)
    {
        Assert.That(s_statuses, Does.Contain(answer.StatusCode), where);
        Assert.That(Enum.IsDefined(answer.Outcome), where);
        if (answer.Outcome == ReceiveOutcome.Refused)
            Assert.That(answer.Disposition?.IsSuccess, Is.False, where);
        else if (answer.Outcome == ReceiveOutcome.Accepted && mustBeWhole)
            Assert.That((await peer.PayloadsAsync(answer)).Select(p => p.Octets), Is.EqualTo(new[] { s_order }), where);
    }

    private static async Task<ReceiveResult> PostAsync(Peer peer, byte[] header, byte[] body) => await peer.Parties.Receiver.ReceiveAsync(
        new As2Request { Headers = HeaderFields.Parse(header), Body = new MemoryStream(body), ContentLength = body.Length }, default);

    /// <summary>The header as it goes over the wire, with a Message-ID of its own: a repeated one would be a duplicate.</summary>
    private static byte[] Header(Layers.LayerWriting message, int number) => Encoding.ASCII.GetBytes(
        $"AS2-Version: 1.2\r\nAS2-From: Alice\r\nAS2-To: Bob\r\nMessage-ID: <{number:D8}@alice>\r\nDisposition-Notification-To: a@b\r\n"
        + string.Concat(message.Headers.Select(h => $"{h.Key}: {h.Value}\r\n")));
}
