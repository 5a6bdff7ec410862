using System.Collections.Concurrent;
using System.Text;
using As2.Agreements;
using As2.Ftp.Local;
using As2.Ftp.Sources;
using As2.Storage;
using As2.Testing;
using As2.Transmission;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace As2.Ftp.Tests.RealServers;

/// <summary>Intake from folders outside: whole files only, each once.</summary>
[TestFixture("vsftpd")]
[TestFixture("openssh")]
[TestFixture("local")]
public sealed class FtpSourceTests(string server)
{
    private static readonly Partnership s_partnership = new()
    {
        Local = new As2Identifier("us"), Partner = new As2Identifier("them"), Endpoint = new Uri("http://them.invalid/"),
    };

    private readonly ConcurrentQueue<SourceFile> _offered = new();
    private ManualTime _time = null!;
    private InMemoryStore _store = null!;
    private As2Sender _sender = null!;
    private string _folder = "";

    [SetUp]
    public void Start()
    {
        _offered.Clear();
        _time = new ManualTime();
        _store = new InMemoryStore(_time);
        _sender = new As2Sender(
            new PartnerServices(new PartnershipBook(), new PartnershipBook()), new StorageServices(_store, _store, _store), new HttpTransport(),
            Options.Create(new As2Options()), _time, NullLogger<As2Sender>.Instance);
        _folder = "/from-" + Guid.NewGuid().ToString("N")[..8];
        Directory.CreateDirectory(Home);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(Home, (UnixFileMode)0b111_111_111);
    }

    [TearDown]
    public async Task Stop()
    {
        _sender.Dispose();
        await _store.DisposeAsync();
    }

    private string Home => Path.Combine(ServerBed.HomeOf(server), _folder[1..]);

    /// <summary>2,000 files with AS2_FULL=1, as eng/ftp-proof.sh sets it.</summary>
    [Test]
    public async Task two_gateways_on_one_folder_double_nothing()
    {
        var count = Environment.GetEnvironmentVariable("AS2_FULL") == "1" ? 2000 : 60;
        for (var i = 0; i < count; i++)
            Put($"order {i}.edi", $"content {i}");
        var gateways = new[] { Source(new() { Owner = "gateway-1" }), Source(new() { Owner = "gateway-2" }), Source(new() { Owner = "gateway-2" }) };
        var taken = await Task.WhenAll(gateways.Select(async gateway =>
        {
            var mine = 0;
            for (var look = 0; look < count && Directory.GetFiles(Home).Length > 0; look++)
                mine += await gateway.PollAsync(default);
            return mine;
        }));
        TestContext.Out.WriteLine($"{server}: {count} files, taken {string.Join(" + ", taken)}");
        Assert.That(taken.Sum(), Is.EqualTo(count));
        Assert.That(_offered.Select(file => file.Name).Distinct().Count(), Is.EqualTo(count));
        Assert.That(_offered, Has.Count.EqualTo(count));
        Assert.That(Claims(), Is.Empty);
    }

    [Test]
    public async Task files_that_are_still_written_are_left_alone()
    {
        foreach (var name in new[] { "a.tmp", "b.part", ".hidden", "c.filepart", "whole.edi" })
            Put(name, name);
        Assert.That(await Source(new()).PollAsync(default), Is.EqualTo(1));
        Assert.That(_offered.Single().Name, Is.EqualTo("whole.edi"));
        Assert.That(Directory.GetFiles(Home), Has.Length.EqualTo(4));
    }

    [Test]
    public async Task a_trigger_file_says_that_its_file_is_whole()
    {
        var source = Source(new() { Completion = FileCompletion.TriggerFile });
        Put("early.edi", "not yet");
        Put("ready.edi", "whole");
        Put("ready.edi.ok", "");
        Assert.That(await source.PollAsync(default), Is.EqualTo(1));
        Assert.That(_offered.Single().Name, Is.EqualTo("ready.edi"));
        Assert.That(Directory.GetFiles(Home).Select(Path.GetFileName), Is.EqualTo(new[] { "early.edi" }));
        Assert.That(Claims(), Is.Empty);
    }

    [Test]
    public async Task without_better_signs_a_file_is_taken_when_it_stood_still_for_long()
    {
        var source = Source(new() { Completion = FileCompletion.Stable, StableFor = TimeSpan.FromSeconds(60) });
        Put("slow.edi", "half");
        Assert.That(await source.PollAsync(default), Is.Zero);
        _time.Advance(TimeSpan.FromSeconds(59));
        Put("slow.edi", "half and whole");
        Assert.That(await source.PollAsync(default), Is.Zero);
        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.That(await source.PollAsync(default), Is.Zero, "59 s since its last change");
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(await source.PollAsync(default), Is.EqualTo(1));
        Assert.That(await ReadAsync(_offered.Single()), Is.EqualTo("half and whole"));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task a_gateway_that_dies_after_its_claim_sends_the_file_once(bool wasSubmitted)
    {
        Put("order.edi", "content");
        var dying = Source(new(), async (file, ct) =>
        {
            if (wasSubmitted)
                await TakeAsync(file, ct);
            throw new FtpException(FtpFailure.Connection, "died");
        });
        Assert.ThrowsAsync<FtpException>(() => dying.PollAsync(default));
        Assert.That(Claims(), Has.Length.EqualTo(1));

        var successor = Source(new());
        Assert.That(await successor.PollAsync(default), Is.Zero, "the claim is young: another node may be working at it");
        _time.Advance(TimeSpan.FromMinutes(2));
        Assert.That(await successor.PollAsync(default), Is.EqualTo(1));
        Assert.That((await _store.ListAsync(new MessageQuery(), default)).Select(message => message.FileName), Is.EqualTo(new[] { "order.edi" }));
        Assert.That(Claims(), Is.Empty);
    }

    [Test]
    public async Task claims_of_another_gateway_are_not_touched()
    {
        Put("order.edi", "content");
        var dying = Source(new() { Owner = "other" }, (_, _) => throw new FtpException(FtpFailure.Connection, "died"));
        Assert.ThrowsAsync<FtpException>(() => dying.PollAsync(default));
        _time.Advance(TimeSpan.FromDays(1));
        Assert.That(await Source(new()).PollAsync(default), Is.Zero);
        Assert.That(Claims(), Has.Length.EqualTo(1));
    }

    [Test]
    public async Task a_refused_file_goes_to_failed_with_the_reason()
    {
        Put("order.edi", "content");
        await Source(new(), (_, _) => new(new SourceOutcome(false, "There is no address for them yet."))).PollAsync(default);
        Assert.That(await File.ReadAllTextAsync(Path.Combine(Home, "failed", "order.edi")), Is.EqualTo("content"));
        Assert.That(await File.ReadAllTextAsync(Path.Combine(Home, "failed", "order.edi.reason.txt")), Is.EqualTo("There is no address for them yet.\r\n"));
    }

    [Test]
    public async Task sent_files_are_kept_where_the_account_says_so()
    {
        var source = Source(new() { DoneFolder = ServerBed.RootOf(server) + _folder + "/sent" });
        Put("order.edi", "one");
        await source.PollAsync(default);
        Put("order.edi", "two");
        await source.PollAsync(default);
        Assert.That(Directory.GetFiles(Path.Combine(Home, "sent")).Select(File.ReadAllText), Is.EquivalentTo(new[] { "one", "two" }));
    }

    [Test]
    public async Task a_file_that_always_fails_does_not_stand_in_the_way_of_others()
    {
        var source = Source(new(), async (file, ct) => file.Name == "bad.edi" ? throw new As2Exception("X", "bad") : await TakeAsync(file, ct));
        Put("bad.edi", "bad");
        Assert.ThrowsAsync<As2Exception>(() => source.PollAsync(default));
        Put("good.edi", "good");
        Assert.That(await source.PollAsync(default), Is.EqualTo(1));
        Assert.That(Claims(), Has.Length.EqualTo(1), "the bad one waits");
    }

    [TestCase("Grüße-日本語-🚚.xml")]
    [TestCase("quote\"s 'and' ~tilde.edi")]
    public async Task a_name_is_kept(string name)
    {
        Put(name, "x");
        await Source(new()).PollAsync(default);
        Assert.That(_offered.Single().Name, Is.EqualTo(name));
    }

    [Test]
    public void a_long_name_still_fits_the_claim_and_keeps_its_ending()
    {
        var name = new string('日', 70) + "🚚.edi";
        var claim = FileClaim.New("gateway", name, _time.GetUtcNow());
        Assert.That(Encoding.UTF8.GetByteCount(claim.FileName), Is.LessThanOrEqualTo(255));
        Assert.That(claim.Name, Does.EndWith("🚚.edi"));
        Assert.That(FileClaim.Parse(claim.FileName), Is.EqualTo(claim));
        Assert.That(claim.Since, Is.EqualTo(_time.GetUtcNow()));
    }

    private FtpSource Source(Settings settings, TakeFile? take = null) => new(
        new FtpSourceOptions
        {
            Name = "in",
            Owner = settings.Owner,
            Folder = ServerBed.RootOf(server) + _folder,
            Completion = settings.Completion,
            StableFor = settings.StableFor,
            DoneFolder = settings.DoneFolder,
            Connect = async _ => server == "local" ? new LocalFolder(ServerBed.HomeOf(server)) : await ServerBed.ConnectAsync(server),
        },
        _store, take ?? TakeAsync, NullLogger<FtpSource>.Instance, _time);

    private async ValueTask<SourceOutcome> TakeAsync(SourceFile file, CancellationToken cancellationToken)
    {
        _offered.Enqueue(file);
        return new(true, await _sender.SubmitOnceAsync(file.Key, new StoredPayload(file.Content, "text/plain", file.Name), null, s_partnership, cancellationToken));
    }

    private async Task<string> ReadAsync(SourceFile file)
    {
        await using var stream = await _store.OpenReadAsync(file.Content, default);
        return await new StreamReader(stream).ReadToEndAsync();
    }

    private void Put(string name, string content)
    {
        var path = Path.Combine(Home, name);
        File.WriteAllText(path, content);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, (UnixFileMode)0b110_110_110);
    }

    private string[] Claims() => Directory.GetFiles(Path.Combine(Home, ".claim"));

    private sealed record Settings
    {
        public string Owner { get; init; } = "as2";

        public FileCompletion Completion { get; init; }

        public TimeSpan StableFor { get; init; }

        public string? DoneFolder { get; init; }
    }
}
