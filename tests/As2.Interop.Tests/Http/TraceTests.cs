using System.Collections.Concurrent;
using System.Diagnostics;
using As2.Agreements;
using As2.Storage;
using As2.Telemetry;
using Microsoft.Extensions.DependencyInjection;

namespace As2.Interop.Tests.Http;

/// <summary>The spans of a message that comes within a partner's trace.</summary>
public sealed class TraceTests
{
    [Test]
    public async Task a_partners_trace_goes_on_through_the_store_to_the_delivery()
    {
        var trace = ActivityTraceId.CreateRandom();
        var spans = new ConcurrentQueue<Activity>();
        var delivered = new TaskCompletionSource();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == As2Telemetry.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span =>
            {
                if (span.TraceId != trace)
                    return;
                spans.Enqueue(span);
                if (span.OperationName == "as2.deliver")
                    delivered.TrySetResult();
            },
        };
        ActivitySource.AddActivityListener(listener);
        await using var endpoint = await Endpoint.StartAsync(
            Sealed.AtBob(new SecurityRequirements { RequireEncrypted = false, RequireSigned = false }), Sealed.CertificatesOfBob);
        var theirs = ActivitySpanId.CreateRandom();
        await endpoint.PostAsync(Sealed.Of(new()).With("traceparent", $"00-{trace}-{theirs}-01"));
        await endpoint.ReceivedAsync();
        await delivered.Task.WaitAsync(TimeSpan.FromSeconds(30));

        var receive = spans.Single(s => s.OperationName == "as2.receive");
        Assert.Multiple(() =>
        {
            Assert.That(receive.ParentSpanId, Is.EqualTo(theirs));
            Assert.That(receive.Kind, Is.EqualTo(ActivityKind.Server));
            Assert.That(receive.GetTagItem("as2.outcome"), Is.EqualTo("accepted"));
            Assert.That(receive.GetTagItem("as2.partner"), Is.EqualTo("Alice"));
            Assert.That(spans.Where(s => s != receive).Select(s => s.OperationName), Is.EquivalentTo(["as2.peel", "as2.store", "as2.deliver"]));
            Assert.That(spans.Where(s => s != receive).Select(s => s.ParentSpanId), Is.All.EqualTo(receive.SpanId));
        });
        var journal = endpoint.Services.GetRequiredService<IMessageJournal>();
        Assert.That((await journal.GetAsync((string)receive.GetTagItem("as2.id")!, default))!.TraceParent, Is.EqualTo(receive.Id));
    }
}
