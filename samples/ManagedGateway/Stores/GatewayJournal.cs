using As2;
using As2.Storage;
using As2.Storage.PostgreSql;
using As2.Storage.Sqlite;

namespace ManagedGateway.Stores;

/// <summary>Reads what a gateway keeps, from outside and while it runs.</summary>
internal sealed class GatewayJournal : IAsyncDisposable
{
    private readonly Func<ValueTask> _close;

    private GatewayJournal(IMessageJournal messages, Func<StoredContent, CancellationToken, ValueTask<Stream>> open, Func<ValueTask> close)
        => (Messages, OpenReadAsync, _close) = (messages, open, close);

    /// <summary>The messages.</summary>
    public IMessageJournal Messages { get; }

    /// <summary>Opens a content.</summary>
    public Func<StoredContent, CancellationToken, ValueTask<Stream>> OpenReadAsync { get; }

    /// <exception cref="As2Exception">AS2-STORE-*: it cannot be read.</exception>
    public static async Task<GatewayJournal> OpenAsync(GatewaySettings settings, string data)
    {
        if (settings.Store is not { } store)
        {
            var journal = new SqliteJournal(data);
            return new GatewayJournal(journal, journal.OpenReadAsync, () =>
            {
                journal.Dispose();
                return ValueTask.CompletedTask;
            });
        }
        GatewayStore.Check(store);
        var options = new PostgresStoreOptions();
        GatewayStore.Configure(options, store, data);
        var shared = await PostgresStore.OpenAsync(options, signal: null, CancellationToken.None);
        return new GatewayJournal(shared, GatewayStore.Blobs(store, data, TimeProvider.System).OpenReadAsync, shared.DisposeAsync);
    }

    public ValueTask DisposeAsync() => _close();
}
