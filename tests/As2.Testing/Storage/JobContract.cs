using System.Collections.Concurrent;
using As2.Storage;

namespace As2.Testing.Storage;

/// <summary>What every <see cref="IMessageStore"/> does with jobs: leases, fences and due times.</summary>
public abstract class JobContract : StoreContract
{
    private static readonly CancellationToken s_none = CancellationToken.None;
    private static readonly TimeSpan s_minute = TimeSpan.FromMinutes(1);

    [Test]
    public async Task jobs_are_claimed_oldest_first_up_to_the_number_asked_for()
    {
        var ids = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            ids.Add(await AcceptAsync());
            Time.Advance(TimeSpan.FromMilliseconds(10));
        }
        Assert.That((await ClaimAsync(JobKind.Deliver, 2)).Select(j => j.MessageId), Is.EqualTo(ids[..2]));
        Assert.That((await ClaimAsync(JobKind.Deliver, 2)).Select(j => j.MessageId), Is.EqualTo(ids[2..]));
        Assert.That(await ClaimAsync(JobKind.Send, 2), Is.Empty);
    }

    [Test]
    public async Task a_step_that_keeps_the_state_is_legal_whatever_the_state_became()
    {
        var id = await AcceptAsync();
        var job = (await ClaimAsync(JobKind.Deliver)).Single();
        await Store.Messages.ReconcileAsync(id, Sample.Step(MessageState.Accepted, MessageState.Delivered, JobOutcome.Continue), s_none);
        var remark = Sample.Step(MessageState.Accepted, MessageState.Accepted) with { KeepsState = true };
        Assert.That(await Store.Messages.ApplyAsync(job, remark, s_none));
        Assert.That((await Store.Journal.GetAsync(id, s_none))!.State, Is.EqualTo(MessageState.Delivered));
        Assert.That(await Store.Messages.ApplyAsync(job, remark, s_none), Is.False, "the fence holds nevertheless");
        Assert.That(await Store.Messages.ReconcileAsync(id, remark with { Job = JobOutcome.Continue }, s_none));
        Assert.That((await Store.Journal.GetAsync(id, s_none))!.State, Is.EqualTo(MessageState.Delivered));
    }

    [Test]
    public async Task a_claim_tells_all_of_the_job()
    {
        var id = await AcceptAsync();
        var job = (await ClaimAsync(JobKind.Deliver)).Single();
        Assert.That(job, Is.EqualTo(new Job(job.Id, JobKind.Deliver, id, 1, 1, Time.GetUtcNow() + s_minute, "mailbox")));
    }

    [Test]
    public async Task a_delayed_job_is_not_due_before_its_time()
    {
        var arrival = Sample.Inbound() with { Jobs = [new NewJob(JobKind.SendReceipt, TimeSpan.FromSeconds(30))] };
        await Store.Messages.AcceptAsync(arrival, s_none);
        Time.Advance(TimeSpan.FromSeconds(29));
        Assert.That(await ClaimAsync(JobKind.SendReceipt), Is.Empty);
        Time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(await ClaimAsync(JobKind.SendReceipt), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task a_leased_submission_is_the_callers_until_its_lease_ends()
    {
        var job = (await Store.Messages.SubmitAsync(Sample.Outbound() with { LeaseToCaller = s_minute }, s_none))!;
        Assert.That(job.Attempt, Is.EqualTo(1));
        Assert.That(await ClaimAsync(JobKind.Send), Is.Empty);
        Time.Advance(s_minute);
        Assert.That((await ClaimAsync(JobKind.Send)).Single().Attempt, Is.EqualTo(2));
        Assert.That(await Store.Messages.SubmitAsync(Sample.Outbound(), s_none), Is.Null);
    }

    [Test]
    public async Task an_expired_lease_goes_to_the_next_and_fences_the_former()
    {
        var id = await AcceptAsync();
        var former = (await ClaimAsync(JobKind.Deliver)).Single();
        Time.Advance(s_minute - TimeSpan.FromMilliseconds(1));
        Assert.That(await ClaimAsync(JobKind.Deliver), Is.Empty);
        Time.Advance(TimeSpan.FromMilliseconds(1));
        var next = (await ClaimAsync(JobKind.Deliver)).Single();
        var step = Sample.Step(MessageState.Accepted, MessageState.Delivered);

        Assert.That(next.Fence, Is.GreaterThan(former.Fence));
        Assert.That(await Store.Messages.RenewAsync(former, s_minute, s_none), Is.False);
        Assert.That(await Store.Messages.ApplyAsync(former, step, s_none), Is.False);
        Assert.That((await Store.Journal.GetAsync(id, s_none))!.State, Is.EqualTo(MessageState.Accepted));
        Assert.That(await Store.Messages.ApplyAsync(next, step, s_none));
        Assert.That(await Store.Messages.ApplyAsync(next, step with { From = [MessageState.Delivered] }, s_none), Is.False, "the job is gone");
    }

    [Test]
    public async Task a_message_is_done_when_its_last_job_of_the_kind_is()
    {
        var keeping = (IStoreKeeping)Store.Messages;
        var id = await AcceptAsync();
        Assert.That(await keeping.IsDoneAsync(id, JobKind.Deliver, s_none), Is.False);
        Assert.That(await keeping.IsDoneAsync(id, JobKind.Send, s_none));
        var job = (await ClaimAsync(JobKind.Deliver)).Single();
        Assert.That(await keeping.IsDoneAsync(id, JobKind.Deliver, s_none), Is.False, "it is at work");
        await Store.Messages.ApplyAsync(job, Sample.Step(MessageState.Accepted, MessageState.Delivered), s_none);
        Assert.That(await keeping.IsDoneAsync(id, JobKind.Deliver, s_none));
        Assert.That(await keeping.IsDoneAsync(Guid.CreateVersion7().ToString("N"), JobKind.Deliver, s_none), Is.False, "it is not ours");
        Assert.That(await keeping.IsDoneAsync("x", JobKind.Deliver, s_none), Is.False);
    }

    [Test]
    public async Task a_renewed_lease_holds()
    {
        await AcceptAsync();
        var job = (await ClaimAsync(JobKind.Deliver)).Single();
        Time.Advance(TimeSpan.FromSeconds(50));
        Assert.That(await Store.Messages.RenewAsync(job, s_minute, s_none));
        Time.Advance(TimeSpan.FromSeconds(50));
        Assert.That(await ClaimAsync(JobKind.Deliver), Is.Empty);
    }

    [Test]
    public async Task a_lease_does_not_follow_the_date()
    {
        await AcceptAsync();
        await ClaimAsync(JobKind.Deliver);
        Time.SetDate(Time.GetUtcNow().AddDays(3));
        Assert.That(await ClaimAsync(JobKind.Deliver), Is.Empty, "nobody else may take it because somebody set the date");
        Time.SetDate(Time.GetUtcNow().AddDays(-6));
        Time.Advance(s_minute);
        Assert.That(await ClaimAsync(JobKind.Deliver), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task a_retry_is_due_later_with_its_note_and_fences_its_owner()
    {
        await AcceptAsync();
        var job = (await ClaimAsync(JobKind.Deliver)).Single();
        var retry = Sample.Step(MessageState.Accepted, MessageState.Accepted, JobOutcome.Retry) with { RetryAfter = s_minute, Note = "folder gone" };
        Assert.That(await Store.Messages.ApplyAsync(job, retry, s_none));
        Assert.That(await Store.Messages.ApplyAsync(job, retry, s_none), Is.False);
        Assert.That(await ClaimAsync(JobKind.Deliver), Is.Empty);
        Time.Advance(s_minute);
        var again = (await ClaimAsync(JobKind.Deliver)).Single();
        Assert.That((again.Note, again.Attempt, again.Id), Is.EqualTo(("folder gone", 2, job.Id)));
    }

    [Test]
    public async Task a_checkpoint_keeps_the_job_and_leaves_a_note()
    {
        await AcceptAsync();
        var job = (await ClaimAsync(JobKind.Deliver)).Single();
        var checkpoint = Sample.Step(MessageState.Accepted, MessageState.Accepted, JobOutcome.Continue);
        Assert.That(await Store.Messages.ApplyAsync(job, checkpoint with { Note = "uploaded x.part" }, s_none));
        Assert.That(await Store.Messages.ApplyAsync(job, checkpoint, s_none));
        Time.Advance(s_minute);
        Assert.That((await ClaimAsync(JobKind.Deliver)).Single().Note, Is.EqualTo("uploaded x.part"));
    }

    [Test]
    public async Task a_message_is_delivered_when_its_last_route_took_it()
    {
        var arrival = Sample.Inbound() with { Jobs = [new NewJob(JobKind.Deliver, Route: "a"), new NewJob(JobKind.Deliver, Route: "b"), new NewJob(JobKind.SendReceipt)] };
        await Store.Messages.AcceptAsync(arrival, s_none);
        var jobs = await ClaimAsync(JobKind.Deliver);
        var step = Sample.Step(MessageState.Accepted, MessageState.Delivered) with { WhenLastOfKind = true };

        Assert.That(await Store.Messages.ApplyAsync(jobs[0], step, s_none));
        Assert.That((await Store.Journal.GetAsync(arrival.Message.Id, s_none))!.State, Is.EqualTo(MessageState.Accepted));
        Assert.That(await Store.Messages.ApplyAsync(jobs[1], step, s_none));
        Assert.That((await Store.Journal.GetAsync(arrival.Message.Id, s_none))!.State, Is.EqualTo(MessageState.Delivered));
    }

    [Test]
    public async Task a_step_begins_further_jobs()
    {
        var id = await AcceptAsync();
        var job = (await ClaimAsync(JobKind.Deliver)).Single();
        await Store.Messages.ApplyAsync(job, Sample.Step(MessageState.Accepted, MessageState.Delivered) with { NewJobs = [new NewJob(JobKind.SendReceipt)] }, s_none);
        Assert.That((await ClaimAsync(JobKind.SendReceipt)).Single().MessageId, Is.EqualTo(id));
    }

    [Test]
    public async Task a_receipt_from_outside_ends_the_sending_and_fences_the_sender()
    {
        var submission = Sample.Outbound() with { LeaseToCaller = s_minute };
        var job = (await Store.Messages.SubmitAsync(submission, s_none))!;
        Assert.That(await Store.Messages.ReconcileAsync(submission.Message.Id, Sample.Step(MessageState.Submitted, MessageState.Acknowledged), s_none));
        Assert.That(await Store.Messages.ApplyAsync(job, Sample.Step(MessageState.Acknowledged, MessageState.RetryWait), s_none), Is.False);
        Time.Advance(s_minute);
        Assert.That(await ClaimAsync(JobKind.Send), Is.Empty);
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task an_operator_makes_the_sending_due_again(bool jobIsLeft)
    {
        var submission = Sample.Outbound() with { LeaseToCaller = s_minute };
        var job = (await Store.Messages.SubmitAsync(submission, s_none))!;
        var suspend = Sample.Step(MessageState.Submitted, MessageState.Suspended, jobIsLeft ? JobOutcome.Continue : JobOutcome.Done);
        await Store.Messages.ApplyAsync(job, suspend, s_none);

        var resume = Sample.Step(MessageState.Suspended, MessageState.RetryWait, JobOutcome.Retry) with { RetryAfter = TimeSpan.FromSeconds(1) };
        Assert.That(await Store.Messages.ReconcileAsync(submission.Message.Id, resume, s_none));
        Assert.That(await Store.Messages.RenewAsync(job, s_minute, s_none), Is.False);
        Assert.That(await ClaimAsync(JobKind.Send), Is.Empty);
        Time.Advance(TimeSpan.FromSeconds(1));
        Assert.That((await ClaimAsync(JobKind.Send)).Single().MessageId, Is.EqualTo(submission.Message.Id));
    }

    [Test]
    public async Task parallel_claimers_never_share_a_job()
    {
        for (var i = 0; i < 60; i++)
            await AcceptAsync();
        var claimed = new ConcurrentBag<long>();
        await Parallel.ForEachAsync(Enumerable.Range(0, 8), async (_, _) =>
        {
            while (await ClaimAsync(JobKind.Deliver, 3) is { Count: > 0 } jobs)
            {
                foreach (var job in jobs)
                    claimed.Add(job.Id);
            }
        });
        Assert.That(claimed, Has.Count.EqualTo(60));
        Assert.That(claimed, Is.Unique);
    }

    [Test]
    public async Task a_job_that_is_due_now_is_signalled_and_a_later_one_is_not()
    {
        await AcceptAsync();
        await Store.Messages.SubmitAsync(Sample.Outbound() with { LeaseToCaller = s_minute }, s_none);
        Assert.That(await Store.Signal.WaitAsync(JobKind.Deliver, s_minute, s_none));
        var idle = Store.Signal.WaitAsync(JobKind.Send, s_minute, s_none);
        Time.Advance(s_minute);
        Assert.That(await idle, Is.False);
    }

    private async Task<string> AcceptAsync()
    {
        var arrival = Sample.Inbound();
        await Store.Messages.AcceptAsync(arrival, s_none);
        return arrival.Message.Id;
    }

    private ValueTask<IReadOnlyList<Job>> ClaimAsync(JobKind kind, int max = 10) => Store.Messages.ClaimAsync(kind, max, s_minute, s_none);
}
