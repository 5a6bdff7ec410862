using As2.Agreements;
using As2.Headers;
using As2.Payloads;
using As2.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace As2.Tool.Tests.Commands;

/// <summary>What a host captured on demand is what the tool explains.</summary>
public sealed class InspectCaptureTests
{
    [Test]
    public async Task a_captured_post_is_explained_with_its_layers()
    {
        using var folder = new TempFolder();
        var (us, them) = (TestKeys.Rsa("us"), TestKeys.Rsa("them"));
        var partnership = new Partnership
        {
            Local = new("US"), Partner = new("THEM"), Capture = true,
            // Nobody listens there: the post is captured all the same.
            Endpoint = new Uri($"http://127.0.0.1:{FreePort.Take()}/as2"),
        };
        var services = new ServiceCollection().AddLogging();
        services.AddSingleton(new PartnershipBook().Add(partnership, PartnershipCertificates.Of(us, TestKeys.PublicOf(them))));
        services.AddAs2(options => options.CaptureFolder = folder["captures"]);
        await using (var provider = services.BuildServiceProvider())
            await provider.GetRequiredService<As2Sender>().SendAsync(Payload.FromBytes("UNA:+.? '\n"u8.ToArray(), "order.edi"), partnership, default);

        var captured = Directory.GetFiles(folder["captures"], "*-out.http").Single();
        var keys = TestKeys.WritePem(them, folder, "them");
        var told = await Tool.ExpectAsync(0, "inspect", captured, "--key", keys.Key, "--cert", keys.Certificate, "--partner", TestKeys.WritePem(us, folder, "us").Certificate);
        Assert.That(told.Text, Does.Contain("US").And.Contain("order.edi").And.Contain("sha-256"));
    }
}
