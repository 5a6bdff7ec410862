namespace As2.Storage.Sqlite;

/// <summary>The durable work. A lease is a due time in the future; the fence rises whenever a job changes hands.</summary>
internal static class JobTable
{
    private const string Columns =
        """
        SELECT job.number, kind, message.id, fence, attempt, due, route, note
        FROM job JOIN message ON message.number = job.message

        """;

    /// <summary>Adds a job, leased to the caller when <paramref name="lease"/> is set.</summary>
    public static Job? Add(SqlSession session, long message, NewJob job, TimeSpan? lease, long now)
    {
        session.Execute(
            """
            INSERT INTO job (message, kind, route, since, due, leased, fence, attempt)
            VALUES (@message, @kind, @route, @now, @due, @leased, @leased, @leased)
            """,
            ("@message", message), ("@kind", job.Kind.ToString()), ("@route", job.Route), ("@now", now), ("@due", Due(now, lease ?? job.Delay)),
            ("@leased", lease is null ? 0 : 1));
        return lease is null ? null : Get(session, session.LastRow());
    }

    public static IReadOnlyList<Job> Claim(SqlSession session, JobKind kind, int max, TimeSpan lease, long now)
    {
        var due = session.All(
            "SELECT number FROM job WHERE kind = @kind AND due <= @now ORDER BY due, number LIMIT @max",
            row => row.GetInt64(0), ("@kind", kind.ToString()), ("@now", now), ("@max", max));
        return due.ConvertAll(number => session.One(
            """
            UPDATE job SET fence = fence + 1, attempt = attempt + 1, leased = 1, since = @now, due = @until WHERE number = @number
            RETURNING number, kind, (SELECT id FROM message WHERE message.number = job.message), fence, attempt, due, route, note
            """,
            Read, ("@now", now), ("@until", Due(now, lease)), ("@number", number))!);
    }

    public static bool Renew(SqlSession session, Job job, TimeSpan lease, long now) => session.Execute(
        "UPDATE job SET since = @now, due = @until WHERE number = @number AND fence = @fence",
        ("@now", now), ("@until", Due(now, lease)), ("@number", job.Id), ("@fence", job.Fence)) == 1;

    /// <summary>The job's message, and whether it has no other job of this kind; null when somebody else claimed, ended or rescheduled the job.</summary>
    public static (long Message, MessageState State, bool IsLastOfKind)? Owned(SqlSession session, Job job)
        => session.One<(long, MessageState, bool)?>(
            """
            SELECT message.number, state, NOT EXISTS (SELECT 1 FROM job other WHERE other.message = job.message AND other.kind = job.kind AND other.number <> job.number)
            FROM job JOIN message ON message.number = job.message WHERE job.number = @number AND fence = @fence
            """,
            row => (row.GetInt64(0), row.Name<MessageState>(1), row.GetBoolean(2)), ("@number", job.Id), ("@fence", job.Fence));

    /// <summary>What a step of its owner makes of the job.</summary>
    public static void End(SqlSession session, Job job, Transition step, long now)
    {
        if (step.Job == JobOutcome.Done)
            session.Execute("DELETE FROM job WHERE number = @number", ("@number", job.Id));
        else if (step.Note is not null)
            session.Execute("UPDATE job SET note = @note WHERE number = @number", ("@note", step.Note), ("@number", job.Id));
        if (step.Job == JobOutcome.Retry)
        {
            session.Execute(
                "UPDATE job SET fence = fence + 1, leased = 0, since = @now, due = @due WHERE number = @number",
                ("@now", now), ("@due", Due(now, step.RetryAfter)), ("@number", job.Id));
        }
    }

    /// <summary>A step from outside: the message's sending ends, or is due again; whoever holds it is fenced.</summary>
    public static void Reconcile(SqlSession session, long message, Transition step, long now)
    {
        if (step.Job == JobOutcome.Done)
            session.Execute("DELETE FROM job WHERE message = @message AND kind = 'Send'", ("@message", message));
        if (step.Job != JobOutcome.Retry)
            return;
        var changed = session.Execute(
            "UPDATE job SET fence = fence + 1, leased = 0, since = @now, due = @due WHERE message = @message AND kind = 'Send'",
            ("@now", now), ("@due", Due(now, step.RetryAfter)), ("@message", message));
        if (changed == 0)
            Add(session, message, new NewJob(JobKind.Send, step.RetryAfter), lease: null, now);
    }

    /// <summary>
    /// At start: nobody holds a lease, because the data folder is ours alone. A job that was scheduled later than now was so before
    /// the date was set back; its delay begins anew.
    /// </summary>
    public static void Recover(SqlSession session, long now)
    {
        session.Execute("UPDATE job SET leased = 0, fence = fence + 1, since = @now, due = @now WHERE leased = 1", ("@now", now));
        session.Execute("UPDATE job SET due = @now + (due - since), since = @now WHERE since > @now", ("@now", now));
    }

    /// <summary>Whether a message is here and has no work of this kind.</summary>
    public static bool IsDone(SqlSession session, string id, JobKind kind) => session.One(
        "SELECT NOT EXISTS (SELECT 1 FROM job WHERE job.message = message.number AND kind = @kind) FROM message WHERE id = @id",
        row => row.GetBoolean(0), ("@id", id), ("@kind", kind.ToString()));

    /// <summary>The work that is left of a message.</summary>
    public static IReadOnlyList<JobRecord> LeftOf(SqlSession session, long message) => session.All(
        "SELECT kind, route, note, due, attempt FROM job WHERE message = @message ORDER BY number",
        row => new JobRecord(row.Name<JobKind>(0), row.Text(1), row.Text(2), row.Moment(3), row.GetInt32(4)), ("@message", message));

    private static Job? Get(SqlSession session, long number) => session.One(Columns + "WHERE job.number = @number", Read, ("@number", number));

    private static Job Read(SqlRow row) => new(
        row.GetInt64(0), row.Name<JobKind>(1), row.GetString(2), row.GetInt64(3), row.GetInt32(4), row.Moment(5), row.Text(6), row.Text(7));

    private static long Due(long now, TimeSpan delay) => now + (long)delay.TotalMilliseconds;
}
