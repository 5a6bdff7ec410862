using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
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

/// <summary>
/// The engine behind Kestrel with the store in memory, in a process of its own, and beside it what only reads a body, does the two
/// private RSA operations of a message, and answers as many octets as a receipt has. What the process has used is asked over HTTP too.
/// </summary>
internal static class HttpServer
{
    public const string Engine = "/as2", Bare = "/bare", Usage = "/usage";

    private const int ReceiptBytes = 3 << 10;

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
        builder.Services.AddAs2ConnectionMemory();
        var app = builder.Build();
        app.MapAs2Endpoint(Engine);
        app.MapPost(Bare, AnswerBareAsync);
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

    private static readonly byte[] s_wrapped = Message.Bob.RsaPublicKey!.Encrypt(new byte[16], RSAEncryptionPadding.Pkcs1);

    private static readonly byte[] s_receipt = Encoding.ASCII.GetBytes("multipart/signed MDN-sent-automatically; processed\r\n".PadRight(ReceiptBytes));

    private static async Task AnswerBareAsync(HttpContext context)
    {
        var block = ArrayPool<byte>.Shared.Rent(16 << 10);
        while (await context.Request.Body.ReadAsync(block) > 0)
        {
        }
        Message.Bob.RsaPrivateKey!.Decrypt(s_wrapped, block, RSAEncryptionPadding.Pkcs1);
        Message.Bob.RsaPrivateKey.SignHash(block.AsSpan(0, 32), block, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        ArrayPool<byte>.Shared.Return(block);
        context.Response.ContentLength = s_receipt.Length;
        await context.Response.Body.WriteAsync(s_receipt);
    }
}
