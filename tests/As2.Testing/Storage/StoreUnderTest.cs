using As2.Routes;
using As2.Storage;

namespace As2.Testing.Storage;

/// <summary>A store by its contracts.</summary>
public sealed record StoreUnderTest(
    IMessageStore Messages, IMessageJournal Journal, IMailboxStore Mailboxes, IBlobStore Blobs, JobSignal Signal, IAsyncDisposable Owner);

/// <summary>What every contract suite has: an empty store, opened for one test, with a clock in the test's hand.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public abstract class StoreContract
{
    /// <summary>The store's clock.</summary>
    protected ManualTime Time { get; } = new();

    /// <summary>The store.</summary>
    protected StoreUnderTest Store { get; private set; } = null!;

    /// <summary>Makes an empty store.</summary>
    protected abstract StoreUnderTest Open(TimeProvider time);

    /// <summary>Opens the store.</summary>
    [SetUp]
    public void OpenStore() => Store = Open(Time);

    /// <summary>Closes the store.</summary>
    [TearDown]
    public async Task CloseStore() => await Store.Owner.DisposeAsync().ConfigureAwait(false);
}
