using System.Globalization;
using As2.Agreements;
using As2.AspNetCore;
using As2.Certificates;
using As2.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace As2.Benchmarks.Http;

/// <summary>The engine behind Kestrel with the store in memory, in a process of its own. What it has used is asked over HTTP too.</summary>
internal static class HttpServer
{
    public const string Usage = "/usage";

    /// <summary>serve FOLDER: runs until its input ends. Says its port first.</summary>
    public static async Task RunAsync(string folder)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var book = new PartnershipBook().Add(
            new Partnership { Local = new As2Identifier("bob"), Partner = new As2Identifier("alice") },
            PartnershipCertificates.Of(CertificateFile.Load(Path.Combine(folder, "bob.pem")), CertificateFile.Load(Path.Combine(folder, "alice.cer"))));
        builder.Services.AddSingleton(book);
        builder.Services.AddAs2();
        var app = builder.Build();
        app.MapAs2Endpoint("/as2");
        app.MapGet(Usage, (HttpContext context) => context.Response.WriteAsync(string.Create(CultureInfo.InvariantCulture,
            $"{Environment.CpuUsage.TotalTime.TotalMicroseconds:0} {GC.GetTotalAllocatedBytes(precise: true)}")));
        await app.StartAsync();
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        Console.WriteLine(new Uri(address).Port);
        while (await Console.In.ReadLineAsync() is not null)
        {
        }
        await app.StopAsync();
    }
}
