using System.Security.Cryptography;
using As2.Agreements;
using As2.Ftp.Destinations;
using As2.Ftp.Local;
using As2.Routes;
using As2.Storage;
using As2.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace As2.Ftp.Tests.RealServers;

/// <summary>The two-step delivery against daemons that partners run, with owners that stall and die at every step.</summary>
[TestFixture("vsftpd")]
[TestFixture("proftpd")]
[TestFixture("pure-ftpd")]
[TestFixture("openssh")]
[TestFixture("local")]
public sealed class FtpDestinationTests(string server)
{
    private ManualTime _time = null!;
    private InMemoryStore _store = null!;
    private string _folder = "";
    private PayloadDelivery _delivery = null!;
    private FileNamePattern _naming = FileNamePattern.Unique;
    private FtpClientOptions _account = null!;

    [SetUp]
    public void Start()
    {
        _time = new ManualTime();
        _store = new InMemoryStore(_time);
        _folder = "/to-" + Guid.NewGuid().ToString("N")[..8];
        _naming = FileNamePattern.Unique;
        foreach (var folder in new[] { Home(), Path.Combine(Home(), ".in") })
        {
            Directory.CreateDirectory(folder);
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(folder, (UnixFileMode)0b111_111_111);
        }
        _account = server == "local" ? null! : ServerBed.OptionsFor(server);
        _delivery = Deliveries(ct => Connect(ct));
    }

    [TearDown]
    public async Task Stop() => await _store.DisposeAsync();

    [TestCase(0)]
    [TestCase(100)]
    [TestCase(500_000)]
    public async Task a_payload_appears_once_under_its_name_with_a_unique_part(int length)
    {
        var id = await AcceptAsync("order 1.edi", length);
        await RunAsync();
        Assert.That(Delivered(), Is.EqualTo(new[] { $"order_1-{id[^12..]}.edi" }));
        Assert.That(new FileInfo(Path.Combine(Home(), Delivered()[0])).Length, Is.EqualTo(length));
        Assert.That((await _store.GetAsync(id, default))!.State, Is.EqualTo(MessageState.Delivered));
        Assert.That(Temporary(), Is.Empty);
    }

    [Test]
    public async Task original_names_are_kept_and_numbered_never_overwritten()
    {
        _naming = FileNamePattern.Original;
        _delivery = Deliveries(ct => Connect(ct));
        await AcceptAsync("order.edi", 1);
        await AcceptAsync("order.edi", 2);
        await RunAsync();
        await RunAsync();
        Assert.That(Delivered().Order(StringComparer.Ordinal), Is.EqualTo(new[] { "order-2.edi", "order.edi" }));
    }

    [Test]
    public async Task a_pattern_makes_its_folders_and_nothing_outside_of_them()
    {
        _naming = FileNamePattern.Parse("{partner}/{ext}/{stem}{ext}");
        _delivery = Deliveries(ct => Connect(ct));
        await AcceptAsync("../../etc/..order.edi", 3);
        await AcceptAsync("order.edi", 4);
        await RunAsync();
        await RunAsync();
        Assert.That(Directory.GetFiles(Home(), "*.edi", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(Home(), path)).Order(StringComparer.Ordinal),
            Is.EqualTo(new[] { "them/edi/order-2.edi", "them/edi/order.edi" }));
    }

    [TestCase(FaultAt.Upload)]
    [TestCase(FaultAt.AfterUpload)]
    [TestCase(FaultAt.Rename)]
    [TestCase(FaultAt.AfterRename)]
    public async Task an_owner_that_dies_at_any_step_leaves_one_file_even_when_the_reader_takes_it_at_once(FaultAt step)
    {
        var id = await AcceptAsync("order.edi", 10_000);
        var first = (await _store.ClaimAsync(JobKind.Deliver, 1, TimeSpan.FromMilliseconds(1), default)).Single();
        await using (var inner = await Connect(default))
        {
            var dying = Deliveries(_ => Task.FromResult<IMailboxClient>(new DyingClient(inner, step)));
            await dying.RunAsync(first, default);
        }
        var taken = TakeAll();
        await RunAsync();
        Assert.That(taken.Concat(Delivered()).ToArray(), Is.EqualTo(new[] { $"order-{id[^12..]}.edi" }));
        Assert.That((await _store.GetAsync(id, default))!.State, Is.EqualTo(MessageState.Delivered));
        Assert.That(Temporary(), Is.Empty);
    }

    [Test]
    public async Task a_stalled_owner_that_wakes_after_its_lease_changes_nothing()
    {
        await AcceptAsync("order.edi", 10_000);
        var stalled = (await _store.ClaimAsync(JobKind.Deliver, 1, TimeSpan.FromMilliseconds(1), default)).Single();
        var (stands, woken) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var inner = await Connect(default);
        var stalling = Deliveries(_ => Task.FromResult<IMailboxClient>(new StallingClient(inner, stands, woken.Task))).RunAsync(stalled, default).AsTask();
        await Task.WhenAny(stands.Task, stalling);
        await RunAsync();
        var taken = TakeAll();
        woken.SetResult();
        await stalling;
        Assert.That(taken, Has.Count.EqualTo(1));
        Assert.That(Delivered(), Is.Empty);
        Assert.That(Temporary(), Is.Empty);
    }

    [Test]
    public async Task what_an_owner_uploads_too_late_and_leaves_behind_is_cleared_away_with_a_delivery_an_hour_later()
    {
        var route = Convert.ToHexStringLower(SHA256.HashData("out"u8))[..8];
        var late = await AcceptAsync("late.edi", 10);
        await RunAsync();
        var open = await AcceptAsync("open.edi", 10);
        await _store.ClaimAsync(JobKind.Deliver, 1, TimeSpan.FromHours(9), default);
        string[] left = [$"{late}.{route}.1.00000000.part"];
        string[] kept = [$"{open}.{route}.1.00000000.part", $"{Guid.NewGuid():N}.{route}.1.00000000.part", $"{late}.00000000.1.00000000.part", "theirs.part"];
        foreach (var name in left.Concat(kept))
            await UploadAsync(name);

        await AcceptAsync("within the hour.edi", 10);
        await _delivery.RunAsync((await _store.ClaimAsync(JobKind.Deliver, 1, TimeSpan.FromMinutes(1), default)).Single(), default);
        Assert.That(Temporary().Select(Path.GetFileName), Is.EquivalentTo(left.Concat(kept)));
        await AcceptAsync("an hour later.edi", 10);
        await RunAsync();
        Assert.That(Temporary().Select(Path.GetFileName), Is.EquivalentTo(kept), "an open delivery's, another gateway's, another route's and a stranger's");
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task a_file_that_reads_back_as_another_is_not_delivered_where_the_account_asks_for_it(bool readsBack)
    {
        var id = await AcceptAsync("order.edi", 10_000);
        var job = (await _store.ClaimAsync(JobKind.Deliver, 1, TimeSpan.FromMilliseconds(1), default)).Single();
        await using (var inner = await Connect(default))
            await Deliveries(_ => Task.FromResult<IMailboxClient>(new GarblingClient(inner)), readsBack).RunAsync(job, default);
        Assert.That(Delivered(), Has.Length.EqualTo(readsBack ? 0 : 1));
        Assert.That((await _store.GetAsync(id, default))!.State, Is.EqualTo(readsBack ? MessageState.Accepted : MessageState.Delivered));
        if (!readsBack)
            return;
        _delivery = Deliveries(Connect, readsBack: true);
        await RunAsync();
        Assert.That(await File.ReadAllBytesAsync(Path.Combine(Home(), Delivered().Single())), Is.EqualTo(new byte[10_000]));
        Assert.That(Temporary(), Is.Empty);
    }

    [Test]
    public async Task a_wiped_server_is_not_taken_for_a_delivery()
    {
        var id = await AcceptAsync("order.edi", 10);
        var first = (await _store.ClaimAsync(JobKind.Deliver, 1, TimeSpan.FromMilliseconds(1), default)).Single();
        await using (var inner = await Connect(default))
            await Deliveries(_ => Task.FromResult<IMailboxClient>(new DyingClient(inner, FaultAt.Rename))).RunAsync(first, default);
        Directory.Delete(Path.Combine(Home(), ".in"), recursive: true);
        await RunAsync();
        var message = (await _store.GetAsync(id, default))!;
        Assert.That(message.State, Is.EqualTo(MessageState.Accepted));
        Assert.That((await _store.GetHistoryAsync(id, default))[^1].Text, Does.Contain("cannot tell whether"));
    }

    private string Home() => Path.Combine(ServerBed.HomeOf(server), _folder[1..]);

    private string[] Delivered() => [.. Directory.GetFiles(Home()).Select(path => Path.GetFileName(path))];

    private string[] Temporary() => [.. Directory.GetFiles(Path.Combine(Home(), ".in"), "*.part")];

    private async Task UploadAsync(string name)
    {
        await using var client = await Connect(default);
        await client.UploadAsync($"{ServerBed.RootOf(server)}{_folder}/.in/{name}", new MemoryStream([1]), default);
    }

    private List<string> TakeAll()
    {
        var taken = Delivered().ToList();
        foreach (var name in taken)
            File.Delete(Path.Combine(Home(), name));
        return taken;
    }

    private async Task<IMailboxClient> Connect(CancellationToken cancellationToken)
        => server == "local" ? new LocalFolder(ServerBed.HomeOf(server))
            : ServerBed.IsSftp(server) ? await ServerBed.ConnectAsync(server)
            : await FtpClient.ConnectAsync(_account, cancellationToken);

    private PayloadDelivery Deliveries(Func<CancellationToken, Task<IMailboxClient>> connect, bool readsBack = false)
    {
        var destination = new FtpDestination(new FtpDestinationOptions { Name = "out", Folder = ServerBed.RootOf(server) + _folder, Naming = _naming, ReadsBack = readsBack, Connect = connect }, _time);
        return new PayloadDelivery(
            new StorageServices(_store, _store, _store), [destination], Microsoft.Extensions.Options.Options.Create(new As2Options()), TimeProvider.System,
            NullLogger<PayloadDelivery>.Instance, keeping: _store);
    }

    // Whatever lease is over then, and whatever is due again.
    private async Task RunAsync()
    {
        _time.Advance(TimeSpan.FromHours(1));
        var job = (await _store.ClaimAsync(JobKind.Deliver, 1, TimeSpan.FromMinutes(1), default)).Single();
        await _delivery.RunAsync(job, default);
    }

    private async Task<string> AcceptAsync(string name, int length)
    {
        await using var writer = _store.Create(length);
        writer.Push(new byte[length]);
        var id = Guid.CreateVersion7().ToString("N");
        await _store.AcceptAsync(new NewMessage
        {
            Message = new StoredMessage
            {
                Id = id,
                Key = new MessageKey(MessageDirection.Inbound, new As2Identifier("us"), new As2Identifier("them"), id),
                MessageId = $"<{id}>",
                State = MessageState.Accepted,
                Payloads = [new StoredPayload(await writer.CommitAsync(default), "application/edifact", name)],
            },
            Jobs = [new NewJob(JobKind.Deliver, Route: "out")],
        }, default);
        return id;
    }
}
