using System.Diagnostics;
using System.Globalization;
using Amazon.Runtime;
using As2.Storage.S3;
using As2.Testing;

namespace As2.Storage.Tests.S3;

/// <summary>A stranger's S3 service (s3rver, which knows its keys and verifies no signature of version 4), one for all tests of this assembly; a prefix of its own for each.</summary>
[SetUpFixture]
internal sealed class S3Service
{
    public const string Bucket = "as2", Secret = "S3RVER";

    private static readonly Lazy<(Process Process, TempFolder Folder, int Port)> s_service = new(Start);
    private static int s_prefixes;

    public static S3StoreOptions NewPrefix(string key = "S3RVER") => new()
    {
        Bucket = Bucket, Address = new Uri($"http://127.0.0.1:{s_service.Value.Port}"), AccessKey = key, SecretKey = Secret,
        Prefix = string.Create(CultureInfo.InvariantCulture, $"test-{Interlocked.Increment(ref s_prefixes)}/"), PartBytes = 5 << 20,
    };

    [OneTimeTearDown]
    public void Stop()
    {
        if (!s_service.IsValueCreated)
            return;
        s_service.Value.Process.Kill();
        s_service.Value.Process.WaitForExit();
        s_service.Value.Process.Dispose();
        s_service.Value.Folder.Dispose();
    }

    private static (Process, TempFolder, int) Start()
    {
        var (program, folder, port) = (Path.Combine(Requires.NodePackage("s3", "s3rver"), "s3rver", "bin", "s3rver.js"), new TempFolder(), FreePort.TakeRange(1));
        var process = Process.Start(new ProcessStartInfo(
            Requires.Tool("node"), [program, "-d", folder.Path, "-a", "127.0.0.1", "-p", port.ToString(CultureInfo.InvariantCulture), "--configure-bucket", Bucket])
        {
            RedirectStandardOutput = true,
        })!;
        // It says so when it listens.
        while (process.StandardOutput.ReadLine() is { } line && !line.Contains("listening", StringComparison.OrdinalIgnoreCase))
        {
        }
        // A pipe that nobody empties would stop it.
        _ = process.StandardOutput.ReadToEndAsync();
        return (process, folder, port);
    }
}

/// <summary>Stands between store and service: sees each request with its body, and may answer in the service's place.</summary>
internal sealed class Between(Func<HttpRequestMessage, byte[], Func<Task<HttpResponseMessage>>, Task<HttpResponseMessage>> see) : HttpClientFactory
{
    public override HttpClient CreateHttpClient(IClientConfig clientConfig) => new(new Handler(see));

    public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => true;

    private sealed class Handler(Func<HttpRequestMessage, byte[], Func<Task<HttpResponseMessage>>, Task<HttpResponseMessage>> see)
        : DelegatingHandler(new SocketsHttpHandler())
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.Content is not null)
                await request.Content.LoadIntoBufferAsync(cancellationToken);
            var body = request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync(cancellationToken);
            return await see(request, body, () => base.SendAsync(request, cancellationToken));
        }
    }
}
