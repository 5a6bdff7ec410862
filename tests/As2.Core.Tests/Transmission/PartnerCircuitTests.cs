using System.Net;
using As2.Storage;

namespace As2.Core.Tests.Transmission;

/// <summary>A partner in trouble costs one attempt now and then, not one for every message.</summary>
public sealed class PartnerCircuitTests
{
    [Test]
    public async Task a_partner_that_does_not_answer_is_left_alone_and_probed_by_one_message()
    {
        using var world = new SendingWorld { Answer = null };
        for (var i = 0; i < 20; i++)
            await world.SubmitAsync();
        await world.WorkAsync();
        Assert.That(world.Posts, Is.EqualTo(5), "five failures in a row open the circuit");
        Assert.That((await world.Store.ListAsync(new MessageQuery(), default)).Sum(m => m.Attempts), Is.EqualTo(5), "who waits is not counted");

        world.Time.Advance(TimeSpan.FromSeconds(16));
        await world.WorkAsync();
        Assert.That(world.Posts, Is.EqualTo(6), "one probe");

        world.Answer = HttpStatusCode.OK;
        for (var i = 0; i < 10; i++)
        {
            world.Time.Advance(TimeSpan.FromSeconds(31));
            await world.WorkAsync();
        }
        Assert.That((await world.Store.ListAsync(new MessageQuery { State = MessageState.Acknowledged }, default)), Has.Count.EqualTo(20));
    }

    [TestCase(HttpStatusCode.Unauthorized)]
    [TestCase(HttpStatusCode.Forbidden)]
    [TestCase(HttpStatusCode.NotFound)]
    public async Task a_partner_that_refuses_us_is_suspended_as_a_whole_and_all_go_on_when_it_takes_one(HttpStatusCode refusal)
    {
        using var world = new SendingWorld { Answer = refusal };
        for (var i = 0; i < 10; i++)
            await world.SubmitAsync();
        await world.WorkAsync();
        Assert.That(world.Posts, Is.EqualTo(1));
        Assert.That(await world.AlertsAsync(), Is.EqualTo([$"{Alert.Suspended}: the partner answered HTTP {(int)refusal}"]));

        world.Answer = HttpStatusCode.OK;
        world.Time.Advance(TimeSpan.FromMinutes(61));
        for (var i = 0; i < 3; i++)
        {
            await world.WorkAsync();
            world.Time.Advance(TimeSpan.FromSeconds(31));
        }
        Assert.That((await world.Store.ListAsync(new MessageQuery { State = MessageState.Acknowledged }, default)), Has.Count.EqualTo(10));
    }

    [Test]
    public async Task a_partner_that_hangs_has_a_few_workers_and_leaves_the_others_to_others()
    {
        using var world = new SendingWorld();
        for (var i = 0; i < 20; i++)
            await world.SubmitAsync();
        var hanging = new TaskCompletionSource();
        world.Hanging = hanging.Task;
        var jobs = await world.Store.ClaimAsync(JobKind.Send, 100, TimeSpan.FromMinutes(1), default);
        var attempts = jobs.Select(job => world.Sender.AttemptAsync(job, default).AsTask()).ToList();
        for (var i = 0; i < 12; i++)
        {
            var one = await Task.WhenAny(attempts);
            attempts.Remove(one);
            Assert.That((await one).Reason, Does.Contain("under way already"));
        }
        Assert.That(attempts.Count(a => !a.IsCompleted), Is.EqualTo(8));

        hanging.SetResult();
        Assert.That(await Task.WhenAll(attempts), Has.All.Property("State").EqualTo(MessageState.Acknowledged));
        for (var i = 0; i < 2; i++)
        {
            world.Time.Advance(TimeSpan.FromSeconds(3));
            await world.WorkAsync();
        }
        Assert.That((await world.Store.ListAsync(new MessageQuery { State = MessageState.Acknowledged }, default)), Has.Count.EqualTo(20));
        Assert.That(world.Posts, Is.EqualTo(20));
    }

    [Test]
    public async Task attempts_that_fail_together_make_one_pause()
    {
        using var world = new SendingWorld { Answer = null };
        for (var i = 0; i < 20; i++)
            await world.SubmitAsync();
        var hanging = new TaskCompletionSource();
        world.Hanging = hanging.Task;
        var jobs = await world.Store.ClaimAsync(JobKind.Send, 8, TimeSpan.FromMinutes(1), default);
        var attempts = jobs.Select(job => world.Sender.AttemptAsync(job, default).AsTask()).ToList();
        hanging.SetResult();
        await Task.WhenAll(attempts);
        Assert.That(world.Posts, Is.EqualTo(8));
        await world.WorkAsync();
        Assert.That(world.Posts, Is.EqualTo(8), "the partner is left alone");
        world.Time.Advance(TimeSpan.FromSeconds(16));
        await world.WorkAsync();
        Assert.That(world.Posts, Is.EqualTo(9), "one probe after the first pause");
        world.Time.Advance(TimeSpan.FromSeconds(16));
        await world.WorkAsync();
        Assert.That(world.Posts, Is.EqualTo(9), "the probe failed: the second pause is longer");
        world.Time.Advance(TimeSpan.FromSeconds(16));
        await world.WorkAsync();
        Assert.That(world.Posts, Is.EqualTo(10));
    }

    [Test]
    public async Task what_a_caller_sends_itself_waits_for_nobody()
    {
        using var world = new SendingWorld();
        var hanging = new TaskCompletionSource();
        world.Hanging = hanging.Task;
        var attempts = Enumerable.Range(0, 20).Select(_ => world.Sender.SendAsync(Payloads.Payload.FromBytes("order"u8.ToArray()), world.Agreement, default).AsTask()).ToList();
        hanging.SetResult();
        Assert.That(await Task.WhenAll(attempts), Has.All.Property("State").EqualTo(MessageState.Acknowledged));
    }

    [Test]
    public async Task a_message_expires_behind_an_open_circuit_too_and_a_person_is_told()
    {
        using var world = new SendingWorld { Answer = null };
        for (var i = 0; i < 6; i++)
            await world.SubmitAsync();
        await world.WorkAsync();
        world.Time.Advance(TimeSpan.FromDays(4));
        await world.WorkAsync();
        Assert.That((await world.Store.ListAsync(new MessageQuery { State = MessageState.Expired }, default)), Has.Count.EqualTo(6));
        var alerts = await world.AlertsAsync();
        Assert.That(alerts, Has.Count.EqualTo(6).And.All.StartsWith("expired: no receipt after "));
        Assert.That((await world.Store.GetAsync((await world.Store.ListAsync(new MessageQuery(), default))[0].Id, default))!.Payloads[0].Content.IsPurged, Is.False);
    }
}
