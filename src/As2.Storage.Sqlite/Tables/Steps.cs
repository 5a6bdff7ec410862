namespace As2.Storage.Sqlite;

/// <summary>The transactions of a message: each is one of these methods, whole or not at all.</summary>
internal sealed class Steps
{
    private readonly StoreClock _clock;

    public Steps(StoreClock clock) => _clock = clock;

    public AcceptOutcome Accept(SqlSession session, NewMessage arrival)
    {
        if (arrival.Message.State != MessageState.Refused && MessageTable.Find(session, arrival.Message.Key) is { } earlier)
            return new AcceptOutcome(false, earlier);
        Insert(session, arrival);
        return new AcceptOutcome(true, null);
    }

    public Job? Submit(SqlSession session, NewMessage submission) => MessageTable.IsTaken(session, submission.Message.Key)
        ? throw StoreFault.DuplicateKey(submission.Message.Key)
        : Insert(session, submission);

    public bool Apply(SqlSession session, Job job, Transition step)
    {
        if (JobTable.Owned(session, job) is not { } owned || !IsLegal(owned.State, step))
            return false;
        var stays = step.KeepsState || step.WhenLastOfKind && (step.Job != JobOutcome.Done || !owned.IsLastOfKind);
        JobTable.End(session, job, step, _clock.Steady);
        Change(session, (owned.Message, job.MessageId), stays ? owned.State : step.To, step);
        return true;
    }

    public bool Reconcile(SqlSession session, string id, Transition step)
    {
        if (MessageTable.StateOf(session, id) is not { } message || !IsLegal(message.State, step))
            return false;
        JobTable.Reconcile(session, message.Number, step, _clock.Steady);
        Change(session, (message.Number, id), step.KeepsState ? message.State : step.To, step);
        return true;
    }

    private Job? Insert(SqlSession session, NewMessage arrival)
    {
        var now = _clock.Wall;
        var number = MessageTable.Insert(session, arrival.Message, now);
        var jobs = arrival.Jobs.Select((job, i) => JobTable.Add(session, number, job, i == 0 ? arrival.LeaseToCaller : null, _clock.Steady)).ToList();
        MailboxTable.Apply(session, arrival.Mailbox, (number, arrival.Message.Id), now);
        EventTable.Add(session, arrival.Message.Id, arrival.Events, now);
        return jobs.FirstOrDefault();
    }

    private static bool IsLegal(MessageState state, Transition step) => step.KeepsState || step.From.Contains(state);

    private void Change(SqlSession session, (long Number, string Id) message, MessageState state, Transition step)
    {
        var now = _clock.Wall;
        MessageTable.Change(session, message.Number, state, step, now);
        foreach (var job in step.NewJobs)
            JobTable.Add(session, message.Number, job, lease: null, _clock.Steady);
        MailboxTable.Apply(session, step.Mailbox, message, now);
        EventTable.Add(session, message.Id, step.Events, now);
    }
}
