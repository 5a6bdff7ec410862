namespace As2.Storage;

/// <summary>Which jobs a step makes due, for the signal that a store gives after its commit.</summary>
internal static class StepJobs
{
    /// <param name="step">The step.</param>
    /// <param name="kind">The kind of the job that it ends or reschedules.</param>
    public static IEnumerable<NewJob> JobsDue(this Transition step, JobKind kind)
        => step.Job == JobOutcome.Retry ? [.. step.NewJobs, new NewJob(kind, step.RetryAfter)] : step.NewJobs;
}
