namespace As2.Storage;

/// <summary>The jobs of an <see cref="InMemoryStore"/>, under its lock.</summary>
internal sealed class MemoryJobs
{
    private readonly Dictionary<long, Entry> _jobs = [];
    private readonly StoreClock _clock;
    private long _lastId;

    public MemoryJobs(StoreClock clock) => _clock = clock;

    public Job Add(string messageId, NewJob job, TimeSpan? lease)
    {
        var (id, now) = (++_lastId, _clock.Steady);
        var entry = new Entry(
            new Job(id, job.Kind, messageId, Fence: 0, Attempt: 0, StoreClock.Moment(now), job.Route), now + (long)job.Delay.TotalMilliseconds);
        _jobs[id] = entry;
        return lease is { } time ? Lease(entry, time) : entry.Job;
    }

    public IReadOnlyList<Job> Claim(JobKind kind, int max, TimeSpan lease)
    {
        var now = _clock.Steady;
        var due = _jobs.Values.Where(e => e.Job.Kind == kind && e.Due <= now).OrderBy(e => e.Due).ThenBy(e => e.Job.Id).Take(max).ToList();
        return [.. due.Select(e => Lease(e, lease))];
    }

    public bool Renew(Job job, TimeSpan lease)
    {
        if (Find(job) is not { } entry)
            return false;
        Put(entry.Job, _clock.Steady + (long)lease.TotalMilliseconds);
        return true;
    }

    /// <summary>True while nobody else claimed, ended or rescheduled the job.</summary>
    public bool IsOwned(Job job) => Find(job) is not null;

    public bool HasJob(string messageId, JobKind kind) => _jobs.Values.Any(e => e.Job.MessageId == messageId && e.Job.Kind == kind);

    /// <summary>The messages that have work.</summary>
    public HashSet<string> Messages() => [.. _jobs.Values.Select(e => e.Job.MessageId)];

    public bool IsLastOfKind(Job job) => !_jobs.Values.Any(e => e.Job.Id != job.Id && e.Job.Kind == job.Kind && e.Job.MessageId == job.MessageId);

    public void End(Job job, Transition step)
    {
        var current = _jobs[job.Id].Job with { Note = step.Note ?? _jobs[job.Id].Job.Note };
        if (step.Job == JobOutcome.Done)
            _jobs.Remove(job.Id);
        else if (step.Job == JobOutcome.Retry)
            Reschedule(current, step.RetryAfter);
        else
            _jobs[job.Id] = _jobs[job.Id] with { Job = current };
    }

    /// <summary>A step from outside: the message's sending ends, or is due again; whoever holds it is fenced.</summary>
    public void Reconcile(string messageId, Transition step)
    {
        var sending = _jobs.Values.Where(e => e.Job.Kind == JobKind.Send && e.Job.MessageId == messageId).Select(e => e.Job).ToList();
        if (step.Job == JobOutcome.Done)
            sending.ForEach(job => _jobs.Remove(job.Id));
        else if (step.Job == JobOutcome.Retry && sending.Count == 0)
            Add(messageId, new NewJob(JobKind.Send, step.RetryAfter), lease: null);
        else if (step.Job == JobOutcome.Retry)
            sending.ForEach(job => Reschedule(job, step.RetryAfter));
    }

    /// <summary>Whatever is left of a message.</summary>
    public void Forget(string messageId)
    {
        foreach (var left in _jobs.Values.Where(e => e.Job.MessageId == messageId).ToList())
            _jobs.Remove(left.Job.Id);
    }

    private void Reschedule(Job job, TimeSpan delay)
        => Put(job with { Fence = job.Fence + 1 }, _clock.Steady + (long)delay.TotalMilliseconds);

    private Job Lease(Entry entry, TimeSpan lease)
    {
        var until = _clock.Steady + (long)lease.TotalMilliseconds;
        var job = entry.Job with { Fence = entry.Job.Fence + 1, Attempt = entry.Job.Attempt + 1, LeaseUntil = StoreClock.Moment(until) };
        Put(job, until);
        return job;
    }

    private void Put(Job job, long due) => _jobs[job.Id] = new Entry(job, due);

    private Entry? Find(Job job) => _jobs.TryGetValue(job.Id, out var entry) && entry.Job.Fence == job.Fence ? entry : null;

    // A leased job is due again when its lease ends.
    private sealed record Entry(Job Job, long Due);
}
