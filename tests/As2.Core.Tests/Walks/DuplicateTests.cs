using As2.Headers;
using As2.Payloads;
using As2.Receipts;
using As2.Storage;
using As2.Testing;

namespace As2.Core.Tests.Walks;

/// <summary>The same message again: the stored receipt, byte for byte, and one delivery.</summary>
public sealed class DuplicateTests
{
    [Rfc("4130", "9.3")]
    [Rfc("4130", "5.5")]
    [Test]
    public async Task a_message_that_comes_again_gets_the_stored_receipt_and_is_not_taken_again()
    {
        using var parties = new TwoParties();
        await parties.Sender.SendAsync(Payload.FromBytes("order"u8.ToArray()), parties.Agreement, default);
        var first = parties.Answers[0];

        var second = await PostAsync(parties, parties.Requests[0].Headers, parties.Requests[0].Body);

        Assert.That(second.Outcome, Is.EqualTo(ReceiveOutcome.Duplicate));
        Assert.That(second.Body.ToArray(), Is.EqualTo(first.Body.ToArray()));
        Assert.That(second.Headers[As2HeaderNames.MessageId], Is.EqualTo(first.Headers[As2HeaderNames.MessageId]));
        Assert.That(await parties.BobStore.ListAsync(new MessageQuery(), default), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task a_copy_that_wants_the_receipt_posted_gets_the_stored_one_there_though_the_first_copy_did_not()
    {
        using var parties = new TwoParties();
        await parties.Sender.SendAsync(Payload.FromBytes("order"u8.ToArray()), parties.Agreement, default);
        var first = parties.Answers[0];
        var headers = TwoParties.Headers(parties.Requests[0].Headers.Append(new(As2HeaderNames.ReceiptDeliveryOption, "http://alice.invalid/r")));

        var second = await PostAsync(parties, headers, parties.Requests[0].Body);

        Assert.That((second.Outcome, second.Body.Length), Is.EqualTo((ReceiveOutcome.Duplicate, 0)));
        var job = (await parties.BobStore.ClaimAsync(JobKind.SendReceipt, 10, TimeSpan.FromMinutes(1), default)).Single();
        var posted = (await parties.BobStore.GetAsync(job.MessageId, default))!;
        Assert.That(posted.ReceiptUrl, Is.EqualTo(new Uri("http://alice.invalid/r")));
        Assert.That(posted.Receipt!.Body.Inline!.Value.ToArray(), Is.EqualTo(first.Body.ToArray()));
        Assert.That(posted.Id, Is.Not.EqualTo(first.Id), "the first copy keeps its own");
    }

    [Test]
    public async Task copies_that_race_are_taken_once()
    {
        using var parties = new TwoParties();
        await parties.Sender.SendAsync(Payload.FromBytes("first"u8.ToArray()), parties.Agreement, default);
        using var other = new TwoParties();
        var (headers, body) = parties.Requests[0];

        var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => PostAsync(other, headers, body).AsTask()));

        Assert.That(results.Count(r => r.Outcome == ReceiveOutcome.Accepted), Is.EqualTo(1));
        Assert.That(results.Select(r => Convert.ToHexString(r.Body.Span)).Distinct().Count(), Is.EqualTo(1));
    }

    [Test]
    public async Task the_same_id_over_other_content_is_refused_and_kept()
    {
        using var parties = new TwoParties();
        await parties.Sender.SendAsync(Payload.FromBytes("one"u8.ToArray()), parties.Agreement, default);
        await parties.Sender.SendAsync(Payload.FromBytes("two"u8.ToArray()), parties.Agreement, default);
        var firstId = parties.Requests[0].Headers[As2HeaderNames.MessageId]!;
        var headers = TwoParties.Headers(parties.Requests[1].Headers.Select(f => f.Key == As2HeaderNames.MessageId ? new(f.Key, firstId) : f));

        var answer = await PostAsync(parties, headers, parties.Requests[1].Body);

        Assert.That(answer.Outcome, Is.EqualTo(ReceiveOutcome.Refused));
        Assert.That(answer.Disposition, Is.EqualTo(Disposition.UnexpectedProcessingError));
        Assert.That((await parties.BobStore.GetAsync(answer.Id!, default))!.Wire, Is.Not.Null);
    }

    [Test]
    public async Task a_refused_message_may_come_again_under_its_id()
    {
        using var parties = new TwoParties();
        parties.Tamper = (h, b) => (h, new byte[10]);
        await parties.Sender.SendAsync(Payload.FromBytes("order"u8.ToArray()), parties.Agreement, default);
        var (headers, _) = parties.Requests[0];
        parties.Tamper = null;
        await parties.Sender.SendAsync(Payload.FromBytes("order"u8.ToArray()), parties.Agreement, default);

        var again = await PostAsync(parties, headers, parties.Requests[1].Body);

        Assert.That(again.Outcome, Is.EqualTo(ReceiveOutcome.Accepted));
    }

    [Rfc("4130", "5.5")]
    [Test]
    public async Task a_lost_answer_is_asked_for_again_with_the_same_bytes()
    {
        using var parties = new TwoParties();
        parties.TamperAnswer = _ => throw new HttpRequestException(HttpRequestError.ResponseEnded, "lost");
        var result = await parties.Sender.SendAsync(Payload.FromBytes("order"u8.ToArray()), parties.Agreement, default);
        Assert.That(result.State, Is.EqualTo(MessageState.RetryWait), result.Reason);
        var message = await parties.AliceStore.GetAsync(result.Id, default);

        parties.TamperAnswer = null;
        await parties.AliceStore.ReconcileAsync(result.Id, new Transition
        {
            From = [MessageState.RetryWait], To = MessageState.RetryWait, Job = JobOutcome.Retry,
        }, default);
        var job = (await parties.AliceStore.ClaimAsync(JobKind.Send, 1, TimeSpan.FromMinutes(1), default)).Single();
        var second = await parties.Sender.AttemptAsync(job, default);

        Assert.That(second.State, Is.EqualTo(MessageState.Acknowledged), second.Reason);
        Assert.That(parties.Requests[1].Body, Is.EqualTo(parties.Requests[0].Body));
        Assert.That(parties.Requests[1].Headers[As2HeaderNames.MessageId], Is.EqualTo(message!.MessageId));
        Assert.That(parties.Answers[1].Outcome, Is.EqualTo(ReceiveOutcome.Duplicate));
    }

    private static ValueTask<ReceiveResult> PostAsync(TwoParties parties, HeaderFields headers, byte[] body)
        => parties.Receiver.ReceiveAsync(new As2Request { Headers = headers, Body = new MemoryStream(body), ContentLength = body.Length }, default);
}
