using As2.Storage;
using As2.Storage.Sqlite;
using As2.Testing;
using As2.Testing.Storage;

[assembly: Parallelizable(ParallelScope.All)]

namespace As2.Storage.Tests;

internal static class Stores
{
    public static StoreUnderTest InMemory(TimeProvider time)
    {
        var store = new InMemoryStore(time);
        return new(store, store, store, store, store.Signal, store);
    }

    public static StoreUnderTest Sqlite(TimeProvider time)
    {
        var folder = new TempFolder();
        var store = new SqliteStore(new SqliteStoreOptions { Folder = folder.Path }, time);
        return new(store, store, store, store.Blobs, store.Signal, new Both(store, folder));
    }

    private sealed class Both(SqliteStore store, TempFolder folder) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await store.DisposeAsync();
            folder.Dispose();
        }
    }
}

public sealed class InMemoryMessageStoreTests : MessageStoreContract
{
    protected override StoreUnderTest Open(TimeProvider time) => Stores.InMemory(time);
}

public sealed class InMemoryJobTests : JobContract
{
    protected override StoreUnderTest Open(TimeProvider time) => Stores.InMemory(time);
}

public sealed class InMemoryJournalTests : JournalContract
{
    protected override StoreUnderTest Open(TimeProvider time) => Stores.InMemory(time);
}

public sealed class InMemoryMailboxTests : MailboxStoreContract
{
    protected override StoreUnderTest Open(TimeProvider time) => Stores.InMemory(time);
}

public sealed class InMemoryBlobTests : BlobStoreContract
{
    protected override StoreUnderTest Open(TimeProvider time) => Stores.InMemory(time);
}

public sealed class SqliteMessageStoreTests : MessageStoreContract
{
    protected override StoreUnderTest Open(TimeProvider time) => Stores.Sqlite(time);
}

public sealed class SqliteJobTests : JobContract
{
    protected override StoreUnderTest Open(TimeProvider time) => Stores.Sqlite(time);
}

public sealed class SqliteJournalTests : JournalContract
{
    protected override StoreUnderTest Open(TimeProvider time) => Stores.Sqlite(time);
}

public sealed class SqliteMailboxTests : MailboxStoreContract
{
    protected override StoreUnderTest Open(TimeProvider time) => Stores.Sqlite(time);
}

public sealed class SqliteBlobTests : BlobStoreContract
{
    protected override StoreUnderTest Open(TimeProvider time) => Stores.Sqlite(time);
}

public sealed class InMemoryKeepingTests : KeepingContract
{
    protected override StoreUnderTest Open(TimeProvider time) => Stores.InMemory(time);
}

public sealed class SqliteKeepingTests : KeepingContract
{
    protected override StoreUnderTest Open(TimeProvider time) => Stores.Sqlite(time);
}

public sealed class InMemoryWalkTests : WalkContract
{
    protected override StoreUnderTest Open(TimeProvider time) => Stores.InMemory(time);
}

public sealed class SqliteWalkTests : WalkContract
{
    protected override StoreUnderTest Open(TimeProvider time) => Stores.Sqlite(time);
}

public sealed class SqliteStatisticsTests : StatisticsContract
{
    private TempFolder? _folder;
    private SqliteStatistics? _statistics;

    protected override IStoreStatistics Statistics => _statistics ??= new SqliteStatistics(_folder!.Path);

    protected override StoreUnderTest Open(TimeProvider time)
    {
        _folder = new TempFolder();
        var store = new SqliteStore(new SqliteStoreOptions { Folder = _folder.Path }, time);
        return new(store, store, store, store.Blobs, store.Signal, store);
    }

    [Test]
    public async Task what_is_forgotten_is_counted_no_more()
    {
        for (var i = 0; i < 5; i++)
            await Store.Messages.AcceptAsync(Sample.Inbound(state: MessageState.Refused), default);
        var (from, to) = (Time.GetUtcNow(), Time.GetUtcNow().AddHours(1));
        Assert.That((await Statistics.CountAsync(from, to, CountPeriod.Hour, default)).Single().Messages, Is.EqualTo(5));
        await ((SqliteStore)Store.Messages).PurgeAsync(new RetentionPolicy { Contents = TimeSpan.Zero, Records = TimeSpan.Zero }, 1000, default);
        Assert.That(await Statistics.CountAsync(from, to, CountPeriod.Hour, default), Is.Empty);
    }

    [TearDown]
    public void Close()
    {
        _statistics?.Dispose();
        _folder?.Dispose();
    }
}
