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
