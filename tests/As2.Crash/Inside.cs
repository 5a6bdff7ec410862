using As2.Storage;
using As2.Storage.Sqlite;
using As2.Testing.Storage;

namespace As2.Crash;

/// <summary>What a campaign sees of the store: the journal while gateways work on it, everything when they have ended.</summary>
/// <param name="Open">Opens the store for itself.</param>
/// <param name="Look">Opens its journal beside others.</param>
internal sealed record Inside(Func<StoreUnderTest> Open, Func<(IMessageJournal Journal, IAsyncDisposable Owner)> Look)
{
    /// <summary>A data folder.</summary>
    public static Inside Of(string data) => new(
        () =>
        {
            var store = new SqliteStore(new SqliteStoreOptions { Folder = data });
            return new StoreUnderTest(store, store, store, store.Blobs, store.Signal, store);
        },
        () =>
        {
            var journal = new SqliteJournal(data);
            return (journal, new Closing(journal));
        });

    private sealed class Closing(IDisposable what) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            what.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
