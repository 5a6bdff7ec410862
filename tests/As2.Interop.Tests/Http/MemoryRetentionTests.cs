using As2.Storage;
using As2.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace As2.Interop.Tests.Http;

/// <summary>A host without another store than memory runs for months: what is finished does not stay.</summary>
public sealed class MemoryRetentionTests
{
    [Test]
    public async Task contents_are_forgotten_within_hours_and_records_within_days()
    {
        var time = new ManualTime();
        await using var endpoint = await Endpoint.StartAsync(Sealed.AtBob(), Sealed.CertificatesOfBob, services: s => s.AddSingleton<TimeProvider>(time));
        await endpoint.PostAsync(Sealed.Of(new Agreements.SecurityAgreement()));
        await endpoint.ReceivedAsync();
        var store = endpoint.Services.GetRequiredService<InMemoryStore>();
        var message = (await store.ListAsync(new MessageQuery(), default)).Single();
        await UntilAsync(async () => (await store.GetAsync(message.Id, default))!.State == MessageState.Delivered);
        Assert.That((await store.GetAsync(message.Id, default))!.Payloads[0].Content.IsPurged, Is.False);

        var before = time.GetUtcNow();
        await PassUntilAsync(time, async () => (await store.GetAsync(message.Id, default))!.Payloads[0].Content.IsPurged);
        Assert.That(time.GetUtcNow() - before, Is.InRange(TimeSpan.FromHours(1), TimeSpan.FromHours(48)));
        await PassUntilAsync(time, async () => await store.GetAsync(message.Id, default) is null);
        Assert.That(time.GetUtcNow() - before, Is.GreaterThanOrEqualTo(TimeSpan.FromDays(3)));
    }

    private static Task PassUntilAsync(ManualTime time, Func<Task<bool>> condition) => UntilAsync(() =>
    {
        time.Advance(TimeSpan.FromHours(0.5));
        return condition();
    });

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await condition())
            await Task.Delay(20, limit.Token);
    }
}
