using System.Buffers;
using System.Security.Cryptography;

namespace As2.Benchmarks.Http;

/// <summary>The same octets by the same client with nothing but the signature of a message: what HTTP itself costs.</summary>
/// <param name="port">Where the peer listens.</param>
/// <param name="body">What is posted.</param>
internal sealed class BareSending(int port, byte[] body) : IDisposable
{
    private readonly HttpClient _client = new();
    private readonly Uri _endpoint = new($"http://127.0.0.1:{port}{HttpServer.Bare}");

    /// <summary>Posts it and reads the answer.</summary>
    public async Task SendAsync()
    {
        var block = ArrayPool<byte>.Shared.Rent(16 << 10);
        Message.Alice.RsaPrivateKey!.SignHash(block.AsSpan(0, 32), block, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var request = new HttpRequestMessage(HttpMethod.Post, _endpoint) { Content = new ByteArrayContent(body) };
        using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var answer = await response.Content.ReadAsStreamAsync();
        while (await answer.ReadAsync(block) > 0)
        {
        }
        ArrayPool<byte>.Shared.Return(block);
    }

    public void Dispose() => _client.Dispose();
}
