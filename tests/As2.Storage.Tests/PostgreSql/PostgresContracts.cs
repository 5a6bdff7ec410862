using As2.CertificateExchange;
using As2.Storage.PostgreSql;
using As2.Testing.Storage;

namespace As2.Storage.Tests.PostgreSql;

public sealed class PostgresMessageStoreTests : MessageStoreContract
{
    protected override StoreUnderTest Open(TimeProvider time) => TestDatabase.OpenFor(time);
}

public sealed class PostgresJobTests : JobContract
{
    protected override StoreUnderTest Open(TimeProvider time) => TestDatabase.OpenFor(time);
}

public sealed class PostgresJournalTests : JournalContract
{
    protected override StoreUnderTest Open(TimeProvider time) => TestDatabase.OpenFor(time);
}

public sealed class PostgresMailboxTests : MailboxStoreContract
{
    protected override StoreUnderTest Open(TimeProvider time) => TestDatabase.OpenFor(time);
}

public sealed class PostgresBlobTests : BlobStoreContract
{
    protected override StoreUnderTest Open(TimeProvider time) => TestDatabase.OpenFor(time);
}

public sealed class PostgresStatisticsTests : StatisticsContract
{
    protected override IStoreStatistics Statistics => new PostgresStatistics(() => (PostgresStore)Store.Messages);

    protected override StoreUnderTest Open(TimeProvider time) => TestDatabase.OpenFor(time);
}

public sealed class PostgresKeepingTests : KeepingContract
{
    protected override StoreUnderTest Open(TimeProvider time) => TestDatabase.OpenFor(time);
}

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class PostgresExchangeTests : ExchangeStoreContract
{
    private readonly PostgresStoreOptions _options = TestDatabase.NewSchema();
    private readonly Lazy<PostgresStore> _here, _there;

    public PostgresExchangeTests() => (_here, _there) = (new(() => TestDatabase.Open(_options)), new(() => TestDatabase.Open(_options)));

    [TearDown]
    public async Task Close()
    {
        foreach (var store in (Lazy<PostgresStore>[])[_here, _there])
        {
            if (store.IsValueCreated)
                await store.Value.DisposeAsync();
        }
    }

    protected override IExchangeStore Create() => new PostgresExchangeStore(() => _here.Value);

    protected override IExchangeStore Again(IExchangeStore store) => new PostgresExchangeStore(() => _there.Value);
}

public sealed class PostgresWalkTests : WalkContract
{
    protected override StoreUnderTest Open(TimeProvider time) => TestDatabase.OpenFor(time);
}
