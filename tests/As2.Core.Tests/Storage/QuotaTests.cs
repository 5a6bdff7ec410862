using As2.Agreements;
using As2.Storage;
using As2.Testing;
using As2.Testing.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace As2.Core.Tests.Storage;

/// <summary>An organisation has its messages of a day and its bytes over all its stations, and no more.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class QuotaTests
{
    private readonly ManualTime _time = new();
    private readonly InMemoryStore _store;

    public QuotaTests() => _store = new InMemoryStore(_time);

    [Test]
    public async Task messages_count_over_all_stations_until_the_day_ends()
    {
        var (other, gate) = (new As2Identifier("OTHER"), Gate(new OrganisationQuota("Acme", [Sample.Us, new As2Identifier("OTHER")]) { MaxMessagesPerDay = 2 }));
        await AddAsync(Sample.Us);
        Assert.That((await gate.CheckAsync(other, default)).TakesWork);
        await AddAsync(other);
        var refused = await gate.CheckAsync(Sample.Us, default);
        Assert.That(refused.Reason, Does.Contain("Acme").And.Contain("2 messages"));
        Assert.That(refused.RetryAfter, Is.GreaterThan(TimeSpan.Zero).And.LessThanOrEqualTo(TimeSpan.FromHours(1)));
        Assert.That((await gate.CheckAsync(Sample.Partner, default)).TakesWork, "a station without a quota");
        _time.Advance(TimeSpan.FromDays(1));
        Assert.That((await gate.CheckAsync(Sample.Us, default)).TakesWork);
    }

    [Test]
    public async Task bytes_count_until_they_are_purged()
    {
        var gate = Gate(new OrganisationQuota("Acme", [Sample.Us]) { MaxBytes = 5 });
        await AddAsync(Sample.Us, "1234");
        Assert.That((await gate.CheckAsync(Sample.Us, default)).TakesWork);
        await AddAsync(Sample.Us, "5");
        Assert.That((await gate.CheckAsync(Sample.Us, default)).Reason, Does.Contain("5 bytes"));
        await _store.PurgeAsync(new RetentionPolicy { Contents = TimeSpan.Zero, Records = TimeSpan.FromDays(1) }, 100, default);
        Assert.That((await gate.CheckAsync(Sample.Us, default)).TakesWork);
    }

    [Test]
    public void a_station_belongs_to_one_organisation()
        => Assert.That(() => Gate(new("A", [Sample.Us]), new("B", [Sample.Us])), Throws.TypeOf<As2Exception>().With.Property("Id").EqualTo("AS2-STORE-014"));

    private QuotaGate Gate(params OrganisationQuota[] quotas) => new(quotas, _store, _time, NullLogger<QuotaGate>.Instance);

    private async Task AddAsync(As2Identifier local, string payload = "x")
    {
        var message = Sample.Inbound(payload: payload, state: MessageState.Delivered) with { Jobs = [] };
        await _store.AcceptAsync(message with { Message = message.Message with { Key = message.Message.Key with { Local = local } } }, default);
    }
}
