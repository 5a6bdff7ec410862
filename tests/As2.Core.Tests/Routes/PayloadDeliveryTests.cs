using As2.Routes;
using As2.Storage;
using As2.Testing;
using As2.Testing.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace As2.Core.Tests.Routes;

public sealed class PayloadDeliveryTests
{
    private readonly ManualTime _time = new();

    [Test]
    public async Task a_route_that_takes_nothing_for_an_hour_alarms_somebody_and_is_tried_on()
    {
        await using var store = new InMemoryStore(_time);
        var route = new Route { IsBroken = true };
        var delivery = new PayloadDelivery(
            new StorageServices(store, store, store), [route], Options.Create(new As2Options()), _time, NullLogger<PayloadDelivery>.Instance);
        var arrival = Sample.Inbound() with { Jobs = [new NewJob(JobKind.Deliver, Route: route.Name)] };
        await store.AcceptAsync(arrival, default);
        await TryAsync(9);
        Assert.That(await AlertsAsync(), Is.Empty);
        await TryAsync(20);
        Assert.That(await AlertsAsync(), Has.Count.EqualTo(1).And.All.StartsWith(Alert.NotDelivered).And.All.Contain("the server is down"));
        await TryAsync(130);
        Assert.That(await AlertsAsync(), Has.Count.EqualTo(2), "once more the next day");

        route.IsBroken = false;
        await TryAsync(1);
        Assert.That((await store.GetAsync(arrival.Message.Id, default))!.State, Is.EqualTo(MessageState.Delivered));

        async Task TryAsync(int times)
        {
            for (var i = 0; i < times; i++)
            {
                await delivery.RunAsync((await store.ClaimAsync(JobKind.Deliver, 1, TimeSpan.FromMinutes(1), default)).Single(), default);
                _time.Advance(TimeSpan.FromMinutes(12));
            }
        }

        async Task<IReadOnlyList<string>> AlertsAsync() => [.. (await store.ListAlertsAsync(0, 100, default)).Select(e => e.Text)];
    }

    private sealed class Route : IPayloadDestination
    {
        public string Name => "out";

        public bool IsBroken { get; set; }

        public ValueTask<DeliveryOutcome> DeliverAsync(Delivery delivery, CancellationToken cancellationToken)
            => IsBroken ? throw new IOException("the server is down") : ValueTask.FromResult(DeliveryOutcome.Delivered("out"));
    }
}
