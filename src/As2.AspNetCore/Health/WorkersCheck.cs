using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace As2.AspNetCore.Health;

/// <summary>When the workers last asked the store for work.</summary>
internal sealed class WorkerPulse(TimeProvider clock)
{
    private long _last = clock.GetTimestamp();

    /// <summary>How long ago that was.</summary>
    public TimeSpan Age => clock.GetElapsedTime(Volatile.Read(ref _last));

    /// <summary>The store answered just now.</summary>
    public void Beat() => Volatile.Write(ref _last, clock.GetTimestamp());
}

/// <summary>The workers ask the store every second; when they have had no answer for a minute, nothing is delivered or sent any more.</summary>
internal sealed class WorkersCheck(WorkerPulse? pulse = null) : IHealthCheck
{
    private static readonly TimeSpan s_silence = TimeSpan.FromMinutes(1);

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        => Task.FromResult(pulse is null || pulse.Age < s_silence
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy($"The workers have had no answer of the store for {pulse.Age.TotalSeconds:0} seconds; the log has the reason under event 4001."));
}
