using As2.Storage.Sqlite;
using As2.Testing;
using As2.Testing.Storage;

namespace As2.Storage.Tests;

public sealed class HealthTests
{
    private readonly ManualTime _time = new();
    private long _free = 1000 << 20;

    [Test]
    public void too_little_room_refuses_new_work_and_room_takes_it_again()
    {
        var watch = Watch();
        Assert.That(watch.Check().TakesWork);
        _free = 100 << 20;
        Assert.That(watch.Check().TakesWork, "the disk is asked once a second");
        _time.Advance(TimeSpan.FromSeconds(1));
        var health = watch.Check();
        Assert.That(health.Reason, Does.Contain("100 MiB").And.Contain("512 MiB"));
        Assert.That(health.RetryAfter, Is.EqualTo(TimeSpan.FromSeconds(30)));
        _free = 600 << 20;
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(watch.Check().TakesWork);
    }

    [Test]
    public void a_failed_commit_refuses_new_work_until_a_probe_or_a_success()
    {
        var watch = Watch();
        watch.Failed(new As2Exception("AS2-STORE-006", "the disk"));
        Assert.That(watch.Check().Reason, Is.EqualTo("the disk"));
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.That(watch.Check().TakesWork, "a probe passes");
        watch.Failed(new As2Exception("AS2-STORE-006", "the disk"));
        watch.Succeeded();
        Assert.That(watch.Check().TakesWork);
    }

    [Test]
    public void a_change_at_fault_itself_says_nothing_of_the_store()
    {
        var watch = Watch();
        watch.Failed(new InvalidOperationException());
        watch.Failed(new As2Exception("AS2-STORE-009", "taken"));
        Assert.That(watch.Check().TakesWork);
    }

    [Test]
    public async Task a_store_below_its_watermark_still_finishes_what_it_has()
    {
        using var folder = new TempFolder();
        using var store = new SqliteStore(new SqliteStoreOptions { Folder = folder.Path, LeastFreeBytes = long.MaxValue });
        Assert.That(store.Check().TakesWork, Is.False);
        Assert.That((await store.AcceptAsync(Sample.Inbound(), CancellationToken.None)).IsNew);
    }

    private HealthWatch Watch() => new(() => _free, 512 << 20, new StoreClock(_time));
}
