using As2.Agreements;
using As2.Testing;

namespace As2.Interop.Tests.Http;

/// <summary>What goes over the wire with one partner, kept for whoever looks for a fault.</summary>
public sealed class CaptureTests
{
    [Test]
    public async Task a_captured_request_is_the_request_without_its_secrets()
    {
        using var folder = new TempFolder();
        await using var endpoint = await StartAsync(folder, isCaptured: true);
        var message = Sealed.Of(new()).With("Authorization", "Basic c2VjcmV0").With("Cookie", "secret=1");
        await endpoint.PostAsync(message);
        await endpoint.ReceivedAsync();
        var file = Directory.GetFiles(folder["captures"], "*-in.http").Single();
        var captured = RawHttpMessage.Parse(await File.ReadAllBytesAsync(file));
        Assert.Multiple(() =>
        {
            Assert.That(captured.Body, Is.EqualTo(message.Body));
            Assert.That(captured.Headers["Message-ID"], Is.EqualTo(message.Headers["Message-ID"]));
            Assert.That((captured.Headers["Authorization"], captured.Headers["Cookie"]), Is.EqualTo(("(masked)", "(masked)")));
            if (!OperatingSystem.IsWindows())
                Assert.That(File.GetUnixFileMode(file), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
        });
    }

    [Test]
    public async Task each_file_and_all_together_are_bounded()
    {
        using var folder = new TempFolder();
        await using var endpoint = await StartAsync(folder, isCaptured: true, options => (options.CaptureMessageBytes, options.CaptureTotalBytes) = (1500, 5000));
        for (var i = 0; i < 8; i++)
        {
            await endpoint.PostAsync(Sealed.Of(new(), payload: new byte[4000]));
            await endpoint.ReceivedAsync();
        }
        var sizes = Directory.GetFiles(folder["captures"]).Select(f => new FileInfo(f).Length).ToList();
        Assert.That(sizes, Is.All.EqualTo(1500));
        Assert.That(sizes, Has.Count.EqualTo(3));
    }

    [Test]
    public async Task nothing_is_captured_unless_the_partnership_says_so()
    {
        using var folder = new TempFolder();
        await using var endpoint = await StartAsync(folder, isCaptured: false);
        await endpoint.PostAsync(Sealed.Of(new()));
        await endpoint.ReceivedAsync();
        Assert.That(Directory.Exists(folder["captures"]), Is.False);
    }

    private static Task<Endpoint> StartAsync(TempFolder folder, bool isCaptured, Action<As2Options>? more = null)
        => Endpoint.StartAsync(
            Sealed.AtBob(new SecurityRequirements { RequireEncrypted = false }) with { Capture = isCaptured }, Sealed.CertificatesOfBob, options =>
            {
                options.CaptureFolder = folder["captures"];
                more?.Invoke(options);
            });
}
