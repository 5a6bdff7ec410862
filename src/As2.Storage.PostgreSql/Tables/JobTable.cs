using System.Data.Common;
using As2.Routes;

namespace As2.Storage.PostgreSql;

/// <summary>The durable work. A lease is a due time in the future by the database's clock; the fence rises whenever a job changes hands.</summary>
internal static class JobTable
{
    private const string Insert = "INSERT INTO job (message, kind, lane, route, due, fence, attempt) VALUES ($1, $2, $3, $4, now_ms() + $5, $6::integer, $6)";

    private const string ClaimDue =
        """
        WITH mine AS MATERIALIZED (
            SELECT number, due FROM job WHERE kind = $1 AND due <= now_ms()
            ORDER BY due, number LIMIT $2 FOR UPDATE SKIP LOCKED)
        """ + Take;

    // The head of each lane alone: whatever stands before, leased or waiting, keeps the others back.
    private const string ClaimInOrder =
        """
        WITH mine AS MATERIALIZED (
            SELECT number, due FROM job WHERE kind = $1 AND due <= now_ms()
                AND NOT EXISTS (SELECT 1 FROM job AS before WHERE before.kind = job.kind AND before.lane = job.lane AND before.number < job.number)
            ORDER BY due, number LIMIT $2 FOR UPDATE SKIP LOCKED)
        """ + Take;

    private const string Take =
        """

        UPDATE job SET fence = fence + 1, attempt = attempt + 1, due = now_ms() + $3 FROM mine WHERE job.number = mine.number
        RETURNING job.number, kind, message, fence, attempt, job.due, route, note, mine.due
        """;

    public static void Add(Statements step, Guid message, string lane, NewJob job, TimeSpan? lease = null) => step.Add(
        Insert, message, job.Kind.ToString(), lane, job.Route, Milliseconds(lease ?? job.Delay), lease is null ? 0 : 1);

    /// <summary>Jobs that begin with a step of a message that is there.</summary>
    public static void AddFurther(Statements step, Guid message, IReadOnlyList<NewJob> jobs)
    {
        foreach (var job in jobs)
        {
            step.Add(
                """
                INSERT INTO job (message, kind, lane, route, due, fence, attempt)
                SELECT id, $2, local || E'\n' || partner, $3, now_ms() + $4, 0, 0 FROM message WHERE id = $1
                """,
                message, job.Kind.ToString(), job.Route, Milliseconds(job.Delay));
        }
    }

    /// <summary>Adds a job of another store; what is due there is due here.</summary>
    public static void AddMoved(Statements step, Guid message, string lane, JobRecord job) => step.Add(
        "INSERT INTO job (message, kind, lane, route, note, due, fence, attempt) VALUES ($1, $2, $3, $4, $5, $6, $7::integer, $7)",
        message, job.Kind.ToString(), lane, job.Route, job.Note, job.Due.ToUnixTimeMilliseconds(), job.Attempt);

    /// <summary>The first job of a message that was just made, for who leased it.</summary>
    public static Statements First(Guid message) => new Statements().Add(
        "SELECT number, kind, message, fence, attempt, due, route, note, due FROM job WHERE message = $1 ORDER BY number LIMIT 1", message);

    public static Statements Claim(JobKind kind, int max, TimeSpan lease, bool inOrder) => inOrder && kind == JobKind.Send
        ? new Statements().Add(ClaimInOrder, kind.ToString(), max, Milliseconds(lease))
        : new Statements().Add(ClaimDue, kind.ToString(), max, Milliseconds(lease));

    /// <summary>A row when the message is here and has no work of this kind.</summary>
    public static Statements Done(Guid message, JobKind kind) => new Statements().Add(
        "SELECT FROM message WHERE id = $1 AND NOT EXISTS (SELECT FROM job WHERE message = $1 AND kind = $2)", message, kind.ToString());

    public static Statements Renew(Job job, TimeSpan lease) => new Statements().Add(
        "UPDATE job SET due = now_ms() + $3 WHERE number = $1 AND fence = $2", job.Id, job.Fence, Milliseconds(lease));

    /// <summary>What a step of its owner makes of the job; demands that it is the owner's.</summary>
    public static void End(Statements step, Job job, Transition transition) => _ = transition.Job switch
    {
        JobOutcome.Done => step.Add(
            "WITH mine AS (DELETE FROM job WHERE number = $1 AND fence = $2 RETURNING 1) SELECT must(EXISTS (SELECT FROM mine), $3)",
            job.Id, job.Fence, PostgresFault.Fenced),
        JobOutcome.Retry => step.Add(
            """
            WITH mine AS (
                UPDATE job SET fence = fence + 1, due = now_ms() + $3, note = coalesce($4, note) WHERE number = $1 AND fence = $2 RETURNING 1)
            SELECT must(EXISTS (SELECT FROM mine), $5)
            """,
            job.Id, job.Fence, Milliseconds(transition.RetryAfter), transition.Note, PostgresFault.Fenced),
        _ => step.Add(
            "WITH mine AS (UPDATE job SET note = coalesce($3, note) WHERE number = $1 AND fence = $2 RETURNING 1) SELECT must(EXISTS (SELECT FROM mine), $4)",
            job.Id, job.Fence, transition.Note, PostgresFault.Fenced),
    };

    /// <summary>A step from outside: the message's sending ends, or is due again; whoever holds it is fenced.</summary>
    public static void Reconcile(Statements step, Guid message, Transition transition)
    {
        if (transition.Job == JobOutcome.Done)
            step.Add("DELETE FROM job WHERE message = $1 AND kind = 'Send'", message);
        if (transition.Job != JobOutcome.Retry)
            return;
        step.Add("UPDATE job SET fence = fence + 1, due = now_ms() + $2 WHERE message = $1 AND kind = 'Send'", message, Milliseconds(transition.RetryAfter));
        step.Add(
            """
            INSERT INTO job (message, kind, lane, due, fence, attempt)
            SELECT id, 'Send', local || E'\n' || partner, now_ms() + $2, 0, 0 FROM message
            WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM job WHERE message = $1 AND kind = 'Send')
            """,
            message, Milliseconds(transition.RetryAfter));
    }

    /// <summary>A claimed job and when it was due before.</summary>
    public static (Job Job, long Due) Read(DbDataReader row) => (new Job(
        row.GetInt64(0), row.Name<JobKind>(1), row.Id(2), row.GetInt64(3), row.GetInt32(4), row.Moment(5), row.Text(6), row.Text(7)), row.GetInt64(8));

    /// <summary>Who goes one after the other, where that is wanted: the messages of two names.</summary>
    public static string LaneOf(MessageKey key) => $"{key.Local.Value}\n{key.Partner.Value}";

    private static long Milliseconds(TimeSpan span) => (long)span.TotalMilliseconds;
}
