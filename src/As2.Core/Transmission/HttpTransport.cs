using System.Buffers;
using System.Globalization;
using System.Net;
using System.Security.Authentication;
using System.Text;
using As2.Agreements;
using As2.Headers;

namespace As2.Transmission;

/// <summary>
/// Posts wire messages over HTTP/1.1: no redirects, no cookies, no decompression, Content-Length unless the partnership says
/// chunked, Expect only where it says so (RFC 4130 §5.3). Thread-safe.
/// </summary>
public sealed class HttpTransport : IDisposable
{
    private const int MaxAnswerBytes = 1 << 20;
    private readonly HttpClient _client;

    /// <summary>Creates a transport.</summary>
    /// <param name="handler">Null: the default handler. Another one is for tests and for hosts that need a proxy.</param>
    public HttpTransport(HttpMessageHandler? handler = null)
        => _client = new HttpClient(handler ?? DefaultHandler()) { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>Posts a message and reads the answer. Every failure of the network comes back as a value.</summary>
    /// <param name="post">What to post.</param>
    /// <param name="cancellationToken">Ends the post; the outcome is then unknown.</param>
    public async ValueTask<PostOutcome> PostAsync(HttpPost post, CancellationToken cancellationToken)
    {
        var body = await post.OpenBody(cancellationToken).ConfigureAwait(false);
        await using var _ = body.ConfigureAwait(false);
        using var request = ToRequest(post, body);
        return await SendAsync(request, post.Timeout, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Asks with HEAD, without a body. Every failure of the network comes back as a value.</summary>
    /// <param name="address">Absolute http or https.</param>
    /// <param name="headers">The header fields.</param>
    /// <param name="timeout">For everything, from connecting to the answer.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public async ValueTask<PostOutcome> HeadAsync(Uri address, HeaderFields headers, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var request = NewRequest(HttpMethod.Head, address);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await SendAsync(request, timeout, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<PostOutcome> SendAsync(HttpRequestMessage request, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(timeout);
        try
        {
            using var answer = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, deadline.Token).ConfigureAwait(false);
            return new PostOutcome((int)answer.StatusCode, ReadHeaders(answer), await ReadBodyAsync(answer, deadline.Token).ConfigureAwait(false), RetryAfter(answer));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return NoAnswer($"no answer within {timeout.TotalSeconds:0} s");
        }
        catch (HttpRequestException e)
        {
            return NoAnswer(Explain(e), e.InnerException is AuthenticationException);
        }
        catch (IOException e)
        {
            return NoAnswer($"the connection broke: {e.Message}");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private static SocketsHttpHandler DefaultHandler() => new()
    {
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        UseCookies = false,
        UseProxy = false,
        ConnectTimeout = TimeSpan.FromSeconds(30),
        // A file name in UTF-8 is the one value beyond ASCII that we write, and only by agreement.
        RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    };

    private static HttpRequestMessage NewRequest(HttpMethod method, Uri address)
        => new(method, address) { Version = HttpVersion.Version11, VersionPolicy = HttpVersionPolicy.RequestVersionExact };

    private static HttpRequestMessage ToRequest(HttpPost post, Stream body)
    {
        var request = NewRequest(HttpMethod.Post, post.Address);
        request.Content = new StreamContent(body, 64 << 10);
        foreach (var (name, value) in post.Headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, value))
                request.Content.Headers.TryAddWithoutValidation(name, value);
        }
        var chunked = post.Quirks.Contains(PartnerQuirk.SendChunked);
        request.Headers.ExpectContinue = post.Quirks.Contains(PartnerQuirk.ExpectContinue);
        request.Content.Headers.ContentLength = chunked ? null : post.Length;
        request.Headers.TransferEncodingChunked = chunked ? true : null;
        return request;
    }

    private static HeaderFields ReadHeaders(HttpResponseMessage answer)
    {
        var fields = new HeaderFields();
        foreach (var (name, values) in answer.Headers.NonValidated.Concat(answer.Content.Headers.NonValidated))
        {
            foreach (var value in values)
                fields.Add(name, value.ReplaceLineEndings(" "));
        }
        return fields;
    }

    private static async ValueTask<ReadOnlyMemory<byte>> ReadBodyAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        var stream = await answer.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = stream.ConfigureAwait(false);
        var block = ArrayPool<byte>.Shared.Rent(16 << 10);
        using var collected = new MemoryStream();
        try
        {
            int read;
            while (collected.Length < MaxAnswerBytes && (read = await stream.ReadAsync(block, cancellationToken).ConfigureAwait(false)) > 0)
                collected.Write(block, 0, read);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
        return collected.ToArray();
    }

    private static TimeSpan? RetryAfter(HttpResponseMessage answer)
        => answer.Headers.NonValidated.TryGetValues("Retry-After", out var values)
            && int.TryParse(values.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? TimeSpan.FromSeconds(seconds)
            : null;

    private static PostOutcome NoAnswer(string failure, bool needsMending = false) => new(null, [], default, null, failure, needsMending);

    private static string Explain(HttpRequestException e) => e.HttpRequestError switch
    {
        HttpRequestError.NameResolutionError => $"the host name could not be resolved: {e.Message}",
        HttpRequestError.ConnectionError => $"no connection: {e.Message}",
        HttpRequestError.SecureConnectionError => $"no secure connection: {e.InnerException?.Message ?? e.Message}",
        HttpRequestError.ResponseEnded => "the connection ended before the answer was whole",
        _ => e.Message,
    };
}
