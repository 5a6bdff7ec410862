using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
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
    private readonly ConcurrentDictionary<(ConnectionAgreement, string), HttpMessageInvoker> _clients = new();
    private readonly ConcurrentDictionary<string, bool> _refusesChunks = new(StringComparer.OrdinalIgnoreCase);
    private readonly Func<HttpConnection, HttpMessageHandler> _open;

    /// <summary>Creates a transport.</summary>
    /// <param name="handler">Null: handlers of our own, one for each way to connect. Another one, for tests, serves for all.</param>
    public HttpTransport(HttpMessageHandler? handler = null)
        : this(handler is null ? c => c.ToHandler((host, stop) => Dns.GetHostAddressesAsync(host, stop)) : _ => handler)
    {
    }

    internal HttpTransport(Func<HttpConnection, HttpMessageHandler> open) => _open = open;

    /// <summary>
    /// Posts a message and reads the answer. Every failure of the network comes back as a value. A server that answers a chunked body
    /// with 411 gets it with its length, now and from then on.
    /// </summary>
    /// <param name="post">What to post.</param>
    /// <param name="cancellationToken">Ends the post; the outcome is then unknown.</param>
    public ValueTask<PostOutcome> PostAsync(HttpPost post, CancellationToken cancellationToken)
        => post.Quirks.Contains(PartnerQuirk.SendChunked) && !_refusesChunks.ContainsKey(post.Address.Authority)
            ? PostChunkedAsync(post, cancellationToken)
            : PostAsync(post, chunked: false, cancellationToken);

    private async ValueTask<PostOutcome> PostChunkedAsync(HttpPost post, CancellationToken cancellationToken)
    {
        var outcome = await PostAsync(post, chunked: true, cancellationToken).ConfigureAwait(false);
        if (outcome.StatusCode != 411)
            return outcome;
        _refusesChunks[post.Address.Authority] = true;
        return await PostAsync(post, chunked: false, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Asks with HEAD where a message would be posted, without its body. Every failure of the network comes back as a value.</summary>
    /// <param name="post">Address, connection, header fields and timeout count.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public async ValueTask<PostOutcome> HeadAsync(HttpPost post, CancellationToken cancellationToken)
    {
        using var request = NewRequest(HttpMethod.Head, post);
        foreach (var (name, value) in post.Headers)
            request.Headers.TryAddWithoutValidation(name, value);
        using var deadline = new PostDeadline(post, cancellationToken);
        return await SendAsync(request, post, deadline, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<PostOutcome> PostAsync(HttpPost post, bool chunked, CancellationToken cancellationToken)
    {
        var body = await post.OpenBody(cancellationToken).ConfigureAwait(false);
        await using var _ = body.ConfigureAwait(false);
        using var deadline = new PostDeadline(post, cancellationToken);
        deadline.Begin();
        using var request = ToRequest(post, new PostContent(body, chunked ? null : post.Length, deadline), chunked);
        return await SendAsync(request, post, deadline, cancellationToken).ConfigureAwait(false);
    }

    // What HttpClient adds, a base address, default headers and a timeout, is not for us.
    private HttpMessageInvoker ClientOf(HttpConnection connection)
        => _clients.GetOrAdd(connection.Key, static (_, wanted) => new HttpMessageInvoker(wanted.Open(wanted.Connection), disposeHandler: true), (Connection: connection, Open: _open));

    private async ValueTask<PostOutcome> SendAsync(HttpRequestMessage request, HttpPost post, PostDeadline deadline, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await ClientOf(post.Connection).SendAsync(request, deadline.Token).ConfigureAwait(false);
            return new PostOutcome((int)answer.StatusCode, ReadHeaders(answer), await ReadBodyAsync(answer, deadline.Token).ConfigureAwait(false), RetryAfter(answer));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return NoAnswer(deadline.Explanation);
        }
        catch (HttpRequestException e)
        {
            return NoAnswer(Explain(e), e.InnerException is AuthenticationException or AddressRefusedException);
        }
        catch (IOException e)
        {
            return NoAnswer($"the connection broke: {e.Message}");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var client in _clients.Values)
            client.Dispose();
    }

    private static HttpRequestMessage NewRequest(HttpMethod method, HttpPost post)
    {
        var request = new HttpRequestMessage(method, post.Address) { Version = HttpVersion.Version11, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        if (post.TraceParent is { } trace)
            request.Headers.TryAddWithoutValidation("traceparent", trace);
        if (post.SendsCredentials && Credentials(post.Connection.Agreement) is { } credentials)
            request.Headers.Authorization = credentials;
        return request;
    }

    private static AuthenticationHeaderValue? Credentials(ConnectionAgreement agreement) => agreement switch
    {
        { Token: { } token } => new("Bearer", token),
        { User: { } user } => new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{agreement.Password}"))),
        _ => null,
    };

    private static HttpRequestMessage ToRequest(HttpPost post, PostContent content, bool chunked)
    {
        var request = NewRequest(HttpMethod.Post, post);
        request.Content = content;
        foreach (var (name, value) in post.Headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, value))
                content.Headers.TryAddWithoutValidation(name, value);
        }
        if (post.Quirks.Contains(PartnerQuirk.ExpectContinue))
            request.Headers.ExpectContinue = true;
        if (chunked)
            request.Headers.TransferEncodingChunked = true;
        return request;
    }

    private static HeaderFields ReadHeaders(HttpResponseMessage answer)
    {
        var (ofAnswer, ofContent) = (answer.Headers.NonValidated, answer.Content.Headers.NonValidated);
        var fields = new HeaderFields(ofAnswer.Count + ofContent.Count);
        Add(ofAnswer);
        Add(ofContent);
        return fields;

        void Add(HttpHeadersNonValidated headers)
        {
            foreach (var (name, values) in headers)
            {
                foreach (var value in values)
                    fields.Add(name, value.ReplaceLineEndings(" "));
            }
        }
    }

    private static async ValueTask<ReadOnlyMemory<byte>> ReadBodyAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        var stream = await answer.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = stream.ConfigureAwait(false);
        if (answer.Content.Headers.ContentLength is { } length and <= MaxAnswerBytes)
        {
            var body = new byte[length];
            return body.AsMemory(0, await stream.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false));
        }
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
        _ when e.InnerException is AddressRefusedException refused => refused.Message,
        HttpRequestError.NameResolutionError => $"the host name could not be resolved: {e.Message}",
        HttpRequestError.ConnectionError => $"no connection: {e.Message}",
        HttpRequestError.SecureConnectionError => $"no secure connection: {e.InnerException?.Message ?? e.Message}",
        HttpRequestError.Unknown when e.InnerException is IOException broken => $"the connection broke while the body was sent: {broken.Message}",
        HttpRequestError.ResponseEnded => "the connection ended before the answer was whole",
        _ => e.Message,
    };
}
