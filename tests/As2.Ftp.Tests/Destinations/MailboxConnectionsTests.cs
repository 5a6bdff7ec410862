using As2.Ftp.Destinations;
using As2.Ftp.Local;
using As2.Testing;

namespace As2.Ftp.Tests.Destinations;

/// <summary>What a server that does not answer costs its account, and nobody else.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class MailboxConnectionsTests
{
    private readonly ManualTime _time = new();
    private int _tries;

    [Test]
    public async Task of_many_who_want_a_server_that_is_silent_two_wait_for_it_and_the_others_go_on()
    {
        var silence = new TaskCompletionSource<IMailboxClient>();
        var connections = new MailboxConnections(_ => TryAsync(silence.Task), _time);
        var workers = Enumerable.Range(0, 8).Select(_ => WorkAsync(connections)).ToList();
        Assert.That(workers.Count(worker => worker.IsCompleted), Is.Zero);
        _time.Advance(TimeSpan.FromSeconds(3));
        for (var freed = 0; freed < 6; freed++)
        {
            var failure = await await Task.WhenAny(workers);
            Assert.That(failure?.Failure, Is.EqualTo(FtpFailure.Connection), failure?.Message);
            workers.RemoveAll(worker => worker.IsCompleted && worker.Result == failure);
        }
        Assert.That((_tries, workers.Count(worker => worker.IsCompleted)), Is.EqualTo((2, 0)));

        silence.SetException(new FtpException(FtpFailure.Timeout, "Nothing came."));
        Assert.That((await Task.WhenAll(workers)).Select(failure => failure?.Failure), Is.All.EqualTo(FtpFailure.Timeout));
    }

    [Test]
    public async Task a_server_that_failed_is_left_alone_for_a_growing_time_until_it_answers()
    {
        var answers = false;
        var connections = new MailboxConnections(
            _ => TryAsync(answers ? Task.FromResult<IMailboxClient>(new LocalFolder("/")) : throw new FtpException(FtpFailure.Connection, "refused")), _time);
        foreach (var pause in (int[])[5, 10, 20, 40, 80, 160, 300, 300])
        {
            Assert.That((await WorkAsync(connections))?.Message, Is.EqualTo("refused"));
            var before = _tries;
            _time.Advance(TimeSpan.FromSeconds(pause - 1));
            Assert.That((await WorkAsync(connections))?.Message, Does.Contain("left alone until"));
            Assert.That(_tries, Is.EqualTo(before));
            _time.Advance(TimeSpan.FromSeconds(1));
        }
        answers = true;
        Assert.That(await WorkAsync(connections), Is.Null);
        var tries = _tries;
        Assert.That(await WorkAsync(connections), Is.Null);
        Assert.That(_tries, Is.EqualTo(tries), "the connection is kept");
    }

    private Task<IMailboxClient> TryAsync(Task<IMailboxClient> answer)
    {
        Interlocked.Increment(ref _tries);
        return answer;
    }

    private static async Task<FtpException?> WorkAsync(MailboxConnections connections)
    {
        try
        {
            return await connections.UseAsync(_ => Task.FromResult<FtpException?>(null), default);
        }
        catch (FtpException failure)
        {
            return failure;
        }
    }
}
