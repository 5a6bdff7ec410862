using System.Net;
using System.Text;
using As2.Agreements;
using As2.Payloads;
using As2.Storage;
using As2.Testing;

namespace As2.Core.Tests.Walks;

/// <summary>Receipts that do not count: forged, stripped, swapped, missing.</summary>
public sealed class ReceiptTrustTests
{
    [Test]
    [Rfc("4130", "2.3.3")]
    public async Task a_stripped_signature_confirms_nothing()
    {
        using var parties = new TwoParties(null, p => p);
        parties.TamperAnswer = Strip;
        var result = await SendAsync(parties);
        Assert.That(result.State, Is.EqualTo(MessageState.RetryWait), result.Reason);
        Assert.That(result.Reason, Does.Contain("signed"));
    }

    [Test]
    public async Task a_receipt_signed_by_somebody_else_confirms_nothing()
    {
        using var parties = new TwoParties();
        parties.BobsBook.Add(parties.BobsBook.Partnerships.Single(), PartnershipCertificates.Of(TwoParties.Keys("Bob"), TwoParties.Keys("Alice")) with
        {
            SignReceipt = [TwoParties.Keys("Mallory")],
        });
        var result = await SendAsync(parties);
        Assert.That(result.State, Is.EqualTo(MessageState.RetryWait), result.Reason);
    }

    [Test]
    public async Task the_receipt_of_another_message_confirms_nothing()
    {
        using var parties = new TwoParties();
        (byte[] Body, string Type)? first = null;
        parties.TamperAnswer = answer =>
        {
            first ??= (answer.Content.ReadAsByteArrayAsync().GetAwaiter().GetResult(), answer.Content.Headers.NonValidated["Content-Type"].ToString());
            var swapped = new HttpResponseMessage(answer.StatusCode) { Content = new ByteArrayContent(first.Value.Body) };
            swapped.Content.Headers.TryAddWithoutValidation("Content-Type", first.Value.Type);
            return swapped;
        };
        Assert.That((await SendAsync(parties)).State, Is.EqualTo(MessageState.Acknowledged));
        var second = await SendAsync(parties);
        Assert.That(second.State, Is.EqualTo(MessageState.RetryWait), second.Reason);
    }

    [Rfc("4130", "5.4")]
    [TestCase("")]
    [TestCase("<html>it works</html>")]
    public async Task a_success_without_a_receipt_is_no_success(string body)
    {
        using var parties = new TwoParties();
        parties.TamperAnswer = _ => new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(body, Encoding.ASCII, "text/html") };
        Assert.That((await SendAsync(parties)).State, Is.EqualTo(MessageState.RetryWait));
    }

    [Rfc("9110", "15.4")]
    [TestCase(503, MessageState.RetryWait)]
    [TestCase(429, MessageState.RetryWait)]
    [TestCase(401, MessageState.Suspended)]
    [TestCase(403, MessageState.Suspended)]
    [TestCase(404, MessageState.Suspended)]
    [TestCase(302, MessageState.Suspended)]
    [TestCase(400, MessageState.Rejected)]
    [TestCase(413, MessageState.Rejected)]
    public async Task a_status_leads_to_a_state(int status, MessageState state)
    {
        using var parties = new TwoParties();
        parties.TamperAnswer = _ => new HttpResponseMessage((HttpStatusCode)status);
        Assert.That((await SendAsync(parties)).State, Is.EqualTo(state));
    }

    private static async Task<SendResult> SendAsync(TwoParties parties)
        => await parties.Sender.SendAsync(Payload.FromBytes("order"u8.ToArray(), "o.edi"), parties.Agreement, default);

    /// <summary>Takes the signature off: the report alone, as multipart/report.</summary>
    private static HttpResponseMessage Strip(HttpResponseMessage answer)
    {
        var text = answer.Content.ReadAsStringAsync().GetAwaiter().GetResult();
        var start = text.IndexOf("Content-Type: multipart/report", StringComparison.OrdinalIgnoreCase);
        var body = text.IndexOf("\r\n\r\n", start, StringComparison.Ordinal) + 4;
        var type = text[start..body].Split("\r\n")[0]["Content-Type: ".Length..];
        var stripped = new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(text[body..]) };
        stripped.Content.Headers.Remove("Content-Type");
        stripped.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        return stripped;
    }
}
