using As2.Testing;

namespace As2.Storage.Tests;

public sealed class JobSignalTests
{
    private readonly ManualTime _time = new();

    [Test]
    public async Task a_pulse_wakes_a_waiter_of_its_kind_and_is_kept_for_the_next()
    {
        var signal = new JobSignal(_time);
        var waiting = signal.WaitAsync(JobKind.Send, TimeSpan.FromMinutes(1), CancellationToken.None).AsTask();
        signal.Pulse(JobKind.Deliver);
        Assert.That(waiting.IsCompleted, Is.False);
        signal.Pulse(JobKind.Send);
        Assert.That(await waiting);
        signal.Pulse(JobKind.Send);
        signal.Pulse(JobKind.Send);
        Assert.That(await signal.WaitAsync(JobKind.Send, TimeSpan.FromMinutes(1), CancellationToken.None));
    }

    [Test]
    public async Task without_a_pulse_the_poll_comes()
    {
        var signal = new JobSignal(_time);
        var waiting = signal.WaitAsync(JobKind.Send, TimeSpan.FromMinutes(1), CancellationToken.None).AsTask();
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.That(await waiting, Is.False);
    }

    [Test]
    public void a_cancelled_wait_throws()
    {
        var signal = new JobSignal(_time);
        Assert.That(
            async () => await signal.WaitAsync(JobKind.Send, TimeSpan.FromMinutes(1), new CancellationToken(true)),
            Throws.InstanceOf<OperationCanceledException>());
    }
}
