using System.Collections.Concurrent;
using As2.Agreements;
using As2.AspNetCore.Configuration;
using As2.Certificates;
using As2.Layers;
using As2.Testing;
using Microsoft.Extensions.Logging;

namespace As2.AspNetCore.Tests.Configuration;

/// <summary>Settings that change under a running host.</summary>
public sealed class PartnershipReloadTests
{
    private const int Reloaded = 4105;
    private const int Kept = 4106;

    private readonly ManualTime _time = new();
    private readonly Heard _log = new();
    private SettingsFile _file = null!;
    private PartnershipBook _book = null!;
    private PartnershipReload _reload = null!;

    [SetUp]
    public async Task Start()
    {
        _file = new SettingsFile().With("\"digest\": \"sha-256\"");
        var source = new As2SettingsSource(new PartnershipSource { Open = _file.Open, Folder = _file.Folder, Files = [_file.Path] }, _time);
        _book = source.First.Book;
        _reload = new PartnershipReload(new As2Settings(_book, [source], _time, _log), _time);
        await _reload.StartAsync(default);
    }

    [TearDown]
    public async Task Stop()
    {
        await _reload.StopAsync(default);
        _reload.Dispose();
        _file.Dispose();
        _log.Lines.Clear();
    }

    [Test]
    public async Task a_changed_file_is_taken_over()
    {
        _file.With("\"digest\": \"sha-512\"");
        await SaidAsync(Reloaded, 1);
        Assert.That(_book.Partnerships.Single().Sending.Digest, Is.EqualTo(DigestAlgorithm.Sha512));
    }

    [TestCase("\"digest\": \"sha-511\"", "As2.partnerships[0].digest")]
    [TestCase("\"digest\": ", "")]
    [TestCase("\"certificates\": [ \"gone.cer\" ]", "gone.cer")]
    public async Task a_file_with_a_fault_leaves_the_old_settings_and_is_told_and_its_mending_counts(string fault, string told)
    {
        _file.With(fault);
        await SaidAsync(Kept, 1);
        Assert.That(_book.Partnerships.Single().Sending.Digest, Is.EqualTo(DigestAlgorithm.Sha256));
        Assert.That(_log.Lines.Last(l => l.Id == Kept).Text, Does.Contain(told).IgnoreCase);

        _file.With("\"digest\": \"sha-384\"");
        await SaidAsync(Reloaded, 1);
        Assert.That(_book.Partnerships.Single().Sending.Digest, Is.EqualTo(DigestAlgorithm.Sha384));
    }

    [Test]
    public async Task a_file_that_is_gone_leaves_the_old_settings()
    {
        File.Delete(_file.Path);
        await SaidAsync(Kept, 1);
        Assert.That(_book.Partnerships.Count(), Is.EqualTo(1));
    }

    [Test]
    public async Task a_changed_certificate_file_is_taken_over()
    {
        var next = TestKeys.Rsa("GLOBEX next");
        _file.Put("globex.cer", next, secret: false);
        await SaidAsync(Reloaded, 1);
        var held = await _book.FindAsync(_book.Partnerships.Single(), CertificateRole.Verify, default);
        Assert.That(held.Single().Thumbprint, Is.EqualTo(next.Thumbprint));
    }

    [Test]
    public async Task once_a_day_the_certificates_are_looked_at_although_nothing_changed()
    {
        _time.Advance(TimeSpan.FromDays(1) + TimeSpan.FromMinutes(1));
        await SaidAsync(Reloaded, 1);
    }

    /// <summary>Lets time pass until the event was logged this often.</summary>
    private async Task SaidAsync(int id, int times)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (_log.Lines.Count(l => l.Id == id) < times)
        {
            Assert.That(limit.IsCancellationRequested, Is.False, () => $"event {id} was not logged, but: {string.Join('\n', _log.Lines)}");
            _time.Advance(TimeSpan.FromSeconds(2));
            await Task.Yield();
        }
    }

    private sealed class Heard : ILogger<As2Settings>
    {
        public ConcurrentQueue<(int Id, string Text)> Lines { get; } = new();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            => Lines.Enqueue((eventId.Id, formatter(state, exception)));
    }
}
