using System.Net;
using As2.Agreements;
using As2.AspNetCore;
using As2.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace As2.Interop.Tests;

/// <summary>libas2 sends over HTTP, our endpoint receives, libas2 verifies our receipt.</summary>
public sealed class FromLibas2Tests
{
    [TestCase("sha-256", "aes256-CBC", "sha-256")]
    [TestCase("sha-256", "aes256-GCM", "sha-256")]
    [TestCase("sha-384", "aes192-CBC", "sha-384")]
    [TestCase("sha-512", "aes128-CBC", "sha-512")]
    [TestCase("sha-256", null, "sha-256")]
    [TestCase(null, "aes256-CBC", "sha-256")]
    [TestCase("sha-256", "aes256-CBC", null)]
    public async Task its_message_arrives_and_our_receipt_satisfies_it(string? sign, string? encrypt, string? receipt)
    {
        using var folder = new TempFolder();
        var order = Samples.Order();
        await using var endpoint = await Endpoint.StartAsync(new Partnership
        {
            Local = new As2Identifier(Libas2.Us),
            Partner = new As2Identifier(Libas2.Them),
            Receiving = new SecurityRequirements { RequireSigned = sign is not null, RequireEncrypted = encrypt is not null },
        });

        var answer = await Libas2.SendAsync(Libas2.Settings(folder, sign, encrypt, receipt, new
        {
            url = endpoint.Address, payload = folder.Write("order.x12", order), contentType = "application/EDI-X12",
        }));

        var (name, content) = await endpoint.ReceivedAsync();
        Assert.Multiple(() =>
        {
            Assert.That(answer.GetProperty("status").GetInt32(), Is.EqualTo(200));
            Assert.That(answer.GetProperty("processed").GetBoolean(), answer.ToString());
            Assert.That(answer.GetProperty("originalMessageId").GetString(), Is.EqualTo(answer.GetProperty("messageId").GetString()));
            Assert.That(name, Is.EqualTo("order.x12"));
            Assert.That(content, Is.EqualTo(order));
        });
    }

    private sealed class Endpoint(WebApplication app, TaskCompletionSource<(string?, byte[])> received) : IAsyncDisposable
    {
        public string Address => app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single() + "/as2";

        public static async Task<Endpoint> StartAsync(Partnership partnership)
        {
            var received = new TaskCompletionSource<(string?, byte[])>(TaskCreationOptions.RunContinuationsAsynchronously);
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
            builder.Services.AddSingleton(new PartnershipBook().Add(partnership, PartnershipCertificates.Of(Libas2.OurKey, TestKeys.PublicOf(Libas2.Key))));
            builder.Services.AddAs2().AddWorkers().AddPayloadHandler(async (message, stop) =>
            {
                await using var stream = await message.OpenAsync(stop);
                var content = new MemoryStream();
                await stream.CopyToAsync(content, stop);
                received.TrySetResult((message.FileName, content.ToArray()));
            });
            var app = builder.Build();
            app.MapAs2Endpoint("/as2");
            await app.StartAsync();
            return new Endpoint(app, received);
        }

        public Task<(string? Name, byte[] Content)> ReceivedAsync() => received.Task.WaitAsync(TimeSpan.FromSeconds(30));

        public ValueTask DisposeAsync() => app.DisposeAsync();
    }
}
