using As2.Agreements;
using As2.Headers;
using As2.Layers;
using As2.Payloads;
using As2.Storage;
using As2.Testing;

namespace As2.Core.Tests.Walks;

/// <summary>The twelve permutations of RFC 4130 §2.4.2, with and without compression, from payload to receipt.</summary>
public sealed class RoundTripTests
{
    private static readonly byte[] s_order = [.. Enumerable.Range(0, 5000).Select(i => (byte)(i * 31 >> 3))];

    [Rfc("4130", "2.4.2")]
    [Test, Combinatorial]
    [Rfc("4130", "2.3.2")]
    public async Task every_permutation_arrives_whole_and_is_confirmed(
        [Values] bool sign, [Values] bool encrypt, [Values] Compression compression, [Values] ReceiptRequirement receipt)
    {
        using var parties = new TwoParties(p => p with
        {
            Sending = new SecurityAgreement { Sign = sign, Encrypt = encrypt, Compression = compression },
            Receipt = new ReceiptAgreement { Requirement = receipt },
        });

        var result = await parties.Sender.SendAsync(Payload.FromBytes(s_order, "orders.edi"), parties.Agreement, default);

        Assert.That(result.State, Is.EqualTo(MessageState.Acknowledged), result.Reason);
        var received = await parties.BobStore.FindAsync(KeyAtBob(result.MessageId!), default);
        Assert.That(await TwoParties.ReadAsync(parties.BobStore, received!.Payloads[0].Content), Is.EqualTo(s_order));
        Assert.That(received.Payloads[0].FileName, Is.EqualTo("orders.edi"));
        Assert.That(received.Payloads[0].ContentType, Is.EqualTo("application/EDIFACT").IgnoreCase);
        Assert.That(received.Receipt is not null, Is.EqualTo(receipt != ReceiptRequirement.None));
        Assert.That(result.Receipt?.IsSigned ?? false, Is.EqualTo(receipt == ReceiptRequirement.Signed));
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(131_072)]
    [TestCase(131_073)]
    [TestCase(5_000_000)]
    public async Task a_payload_of_any_size_arrives_whole(int size)
    {
        var payload = new byte[size];
        new Random(size).NextBytes(payload);
        using var parties = new TwoParties(p => p with { Sending = p.Sending with { Compression = Compression.BeforeSigning } });

        var result = await parties.Sender.SendAsync(Payload.FromBytes(payload, "x.bin"), parties.Agreement, default);

        Assert.That(result.IsAcknowledged, result.Reason);
        var received = await parties.BobStore.FindAsync(KeyAtBob(result.MessageId!), default);
        Assert.That(await TwoParties.ReadAsync(parties.BobStore, received!.Payloads[0].Content), Is.EqualTo(payload));
    }

    [Rfc("4130", "7.2")]
    [Test]
    public async Task an_asynchronous_receipt_is_posted_from_the_queue_and_settles_the_message()
    {
        using var parties = new TwoParties(p => p with
        {
            Receipt = new ReceiptAgreement { AsynchronousUrl = new Uri("http://alice.invalid/receipts") },
        });

        var result = await parties.Sender.SendAsync(Payload.FromBytes(s_order), parties.Agreement, default);
        Assert.That(result.State, Is.EqualTo(MessageState.AwaitingReceipt), result.Reason);

        var job = (await parties.BobStore.ClaimAsync(JobKind.SendReceipt, 5, TimeSpan.FromMinutes(1), default)).Single();
        await parties.Receipts.RunAsync(job, default);

        var sent = await parties.AliceStore.GetAsync(result.Id, default);
        Assert.That(sent!.State, Is.EqualTo(MessageState.Acknowledged));
        Assert.That(await parties.BobStore.ClaimAsync(JobKind.SendReceipt, 5, TimeSpan.FromMinutes(1), default), Is.Empty);
        Assert.That(await parties.AliceStore.ClaimAsync(JobKind.Send, 5, TimeSpan.FromMinutes(1), default), Is.Empty);
    }

    [Rfc("4130", "7.3")]
    [Test]
    public async Task a_receipt_url_of_another_host_is_answered_on_the_same_connection()
    {
        using var parties = new TwoParties(p => p with
        {
            Receipt = new ReceiptAgreement { AsynchronousUrl = new Uri("http://169.254.169.254/latest") },
        });
        await parties.Sender.SendAsync(Payload.FromBytes(s_order), parties.Agreement, default);

        Assert.That(parties.Answers[0].Body.IsEmpty, Is.False);
        Assert.That(await parties.BobStore.ClaimAsync(JobKind.SendReceipt, 5, TimeSpan.FromMinutes(1), default), Is.Empty);
    }

    [Rfc("4130", "5.3.1")]
    [Rfc("4130", "6.1")]
    [Test]
    public async Task the_header_fields_of_a_message_are_those_of_the_rfc_each_on_one_line()
    {
        using var parties = new TwoParties();
        await parties.Sender.SendAsync(Payload.FromBytes(s_order, "orders.edi"), parties.Agreement, default);

        var headers = parties.Requests[0].Headers;
        Assert.Multiple(() =>
        {
            Assert.That(headers[As2HeaderNames.As2From], Is.EqualTo("Alice"));
            Assert.That(headers[As2HeaderNames.As2To], Is.EqualTo("Bob"));
            Assert.That(headers[As2HeaderNames.DispositionNotificationOptions],
                Is.EqualTo("signed-receipt-protocol=optional, pkcs7-signature; signed-receipt-micalg=optional, sha-256"));
            Assert.That(headers[As2HeaderNames.ContentType], Does.StartWith("application/pkcs7-mime; smime-type=enveloped-data"));
            Assert.That(headers[As2HeaderNames.MessageId], Does.Match("^<AS2-[A-Za-z0-9.-]+@[a-z0-9.-]+>$"));
            Assert.That(headers.All(As2HeaderNames.MessageId).Count(), Is.EqualTo(1));
            Assert.That(headers["Content-Length"], Is.EqualTo(parties.Requests[0].Body.Length.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        });
    }

    internal static MessageKey KeyAtBob(string messageId)
        => new(MessageDirection.Inbound, TwoParties.Bob, TwoParties.Alice, MessageId.KeyOf(messageId));
}
