using As2.Certificates;
using As2.Payloads;

namespace As2.Core.Tests.Walks;

/// <summary>More messages than the cores can do private-key operations for: some wait, the others come again later.</summary>
public sealed class OverloadTests
{
    [Test]
    public async Task while_too_many_wait_for_a_private_key_new_messages_are_turned_away()
    {
        using var parties = new TwoParties();
        await parties.Sender.SendAsync(Payload.FromBytes("order"u8.ToArray()), parties.Agreement, default);
        var running = new List<PrivateKeyQueue.Place>();
        for (var i = 0; i < PrivateKeyQueue.Places; i++)
            running.Add(await parties.BobKeys.EnterAsync(isLast: false, default));

        var waiting = Enumerable.Range(0, TwoParties.MaxWaiting).Select(_ => ReceiveAsync(parties)).ToList();
        var refused = await ReceiveAsync(parties);

        Assert.That(refused.StatusCode, Is.EqualTo(503));
        Assert.That(refused.Headers["Retry-After"], Is.EqualTo("5"));
        Assert.That(waiting.Select(w => w.IsCompleted), Has.None.True);

        running.ForEach(place => place.Dispose());
        Assert.That((await Task.WhenAll(waiting)).Select(r => r.StatusCode), Has.All.EqualTo(200));
        Assert.That((await ReceiveAsync(parties)).StatusCode, Is.EqualTo(200));
    }

    [Test]
    public async Task whoever_gives_up_waiting_makes_room_when_the_next_operation_ends()
    {
        using var parties = new TwoParties();
        await parties.Sender.SendAsync(Payload.FromBytes("order"u8.ToArray()), parties.Agreement, default);
        var running = await parties.BobKeys.EnterAsync(isLast: false, default);
        for (var i = 1; i < PrivateKeyQueue.Places; i++)
            await parties.BobKeys.EnterAsync(isLast: false, default);
        using var gone = new CancellationTokenSource();
        var waiting = Enumerable.Range(0, TwoParties.MaxWaiting).Select(_ => ReceiveAsync(parties, gone.Token)).ToList();
        Assert.That(parties.BobKeys.IsFull, Is.True);

        await gone.CancelAsync();
        running.Dispose();

        Assert.That(() => Task.WhenAll(waiting), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(parties.BobKeys.IsFull, Is.False);
        await parties.BobKeys.EnterAsync(isLast: false, default); // the place itself is free again
    }

    [Test]
    public async Task the_last_operation_of_a_message_goes_before_the_first_of_another()
    {
        var queue = new PrivateKeyQueue();
        var running = await queue.EnterAsync(isLast: false, default);
        for (var i = 1; i < PrivateKeyQueue.Places; i++)
            await queue.EnterAsync(isLast: false, default);
        var (first, last) = (queue.EnterAsync(isLast: false, default).AsTask(), queue.EnterAsync(isLast: true, default).AsTask());

        running.Dispose();
        var place = await last;
        Assert.That(first.IsCompleted, Is.False);

        place.Dispose();
        await first;
    }

    private static Task<ReceiveResult> ReceiveAsync(TwoParties parties, CancellationToken stop = default)
    {
        var (headers, body) = parties.Requests[0];
        return parties.Receiver.ReceiveAsync(new As2Request { Headers = headers, Body = new MemoryStream(body), ContentLength = body.Length }, stop).AsTask();
    }
}
