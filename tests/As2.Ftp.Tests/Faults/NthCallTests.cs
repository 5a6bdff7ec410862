using As2.Ftp.Destinations;
using As2.Ftp.Local;
using As2.Ftp.Sources;
using As2.Routes;
using As2.Storage;
using As2.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace As2.Ftp.Tests.Faults;

/// <summary>The first call on a server fails, then the second, and so on until a run is clean: every time the file goes once.</summary>
[TestFixture(true)]
[TestFixture(false)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class NthCallTests(bool isDoneFirst)
{
    private const int Most = 200;
    private readonly ManualTime _time = new();

    [Test]
    public async Task whichever_call_of_a_delivery_fails_its_reader_gets_the_file_once()
    {
        var failing = 1;
        for (; ; failing++)
        {
            var nth = new NthCall(failing, isDoneFirst);
            var taken = await DeliverAsync(nth);
            Assert.That(taken, Has.Count.EqualTo(1), $"call {failing}: {string.Join(", ", taken)}");
            if (!nth.HasFailed || failing == Most)
                break;
        }
        TestContext.Out.WriteLine($"{failing - 1} calls failed, one after another");
        Assert.That(failing, Is.InRange(5, Most - 1));
    }

    [Test]
    public async Task whichever_call_of_a_source_fails_its_file_becomes_one_message()
    {
        var failing = 1;
        for (; ; failing++)
        {
            var nth = new NthCall(failing, isDoneFirst);
            Assert.That(await TakeAsync(nth), Is.EqualTo(["order.edi content"]), $"call {failing}");
            if (!nth.HasFailed || failing == Most)
                break;
        }
        TestContext.Out.WriteLine($"{failing - 1} calls failed, one after another");
        Assert.That(failing, Is.InRange(4, Most - 1));
    }

    // The reader takes whatever is there after every attempt.
    private async Task<List<string>> DeliverAsync(NthCall nth)
    {
        using var folder = new TempFolder();
        await using var store = new InMemoryStore(_time);
        var destination = new FtpDestination(new FtpDestinationOptions { Name = "out", Connect = _ => Connect(folder, nth) }, _time);
        var delivery = new PayloadDelivery(
            new StorageServices(store, store, store), [destination], Options.Create(new As2Options()), _time, NullLogger<PayloadDelivery>.Instance);
        var message = await AcceptAsync(store);
        var taken = new List<string>();
        for (var attempt = 0; attempt < 5 && (await store.GetAsync(message, default))!.State != MessageState.Delivered; attempt++)
        {
            _time.Advance(TimeSpan.FromHours(1));
            foreach (var job in await store.ClaimAsync(JobKind.Deliver, 1, TimeSpan.FromMinutes(1), default))
                await delivery.RunAsync(job, default);
            foreach (var file in Directory.GetFiles(folder.Path))
            {
                taken.Add(Path.GetFileName(file));
                File.Delete(file);
            }
        }
        Assert.That((await store.GetAsync(message, default))!.State, Is.EqualTo(MessageState.Delivered));
        Assert.That(Directory.GetFiles(folder.Path, "*.part", SearchOption.AllDirectories), Is.Empty, "no temporary file is left");
        return taken;
    }

    private async Task<List<string>> TakeAsync(NthCall nth)
    {
        using var folder = new TempFolder();
        await using var store = new InMemoryStore(_time);
        await File.WriteAllTextAsync(folder["order.edi"], "content");
        var messages = new Dictionary<string, string>();
        var options = new FtpSourceOptions { Name = "in", Connect = _ => Connect(folder, nth) };
        var source = new FtpSource(options, store, async (file, stop) =>
        {
            using var text = new StreamReader(await store.OpenReadAsync(file.Content, stop));
            messages[file.Key] = $"{file.Name} {await text.ReadToEndAsync(stop)}";
            return new SourceOutcome(true, "taken");
        }, NullLogger<FtpSource>.Instance, _time);
        for (var look = 0; look < 5 && Directory.GetFiles(folder.Path, "*order.edi*", SearchOption.AllDirectories).Length > 0; look++)
        {
            try
            {
                await source.PollAsync(default);
            }
            catch (FtpException)
            {
                // What RunAsync does: log it, and look again later.
            }
            _time.Advance(TimeSpan.FromHours(1));
        }
        Assert.That(Directory.GetFiles(folder.Path, "*order.edi*", SearchOption.AllDirectories), Is.Empty, "the file is put away");
        return [.. messages.Values];
    }

    private static Task<IMailboxClient> Connect(TempFolder folder, NthCall nth)
        => Task.FromResult<IMailboxClient>(new FailingClient(new LocalFolder(folder.Path), nth));

    private static async Task<string> AcceptAsync(InMemoryStore store)
    {
        var message = As2.Testing.Storage.Sample.Inbound() with { Jobs = [new NewJob(JobKind.Deliver, Route: "out")] };
        var payload = message.Message.Payloads[0];
        await store.AcceptAsync(message with { Message = message.Message with { Payloads = [payload] } }, default);
        return message.Message.Id;
    }
}
