using System.Buffers;
using System.Globalization;
using As2.Agreements;
using As2.Headers;
using As2.Transmission;
using Microsoft.Extensions.Logging;

namespace As2.Restart;

/// <summary>
/// Posts a message so that a cut transfer can be resumed (draft-harding-as2-restart §3): every attempt names the transfer; after a
/// failed one the partner is asked what it holds, and only where it says so the rest alone is sent. Whatever is odd leads to the whole
/// message: a partner that ignores the range would take the rest for a message. Thread-safe.
/// </summary>
internal sealed partial class ResumingPost(HttpTransport transport, TimeProvider clock, ILogger logger)
{
    private const int MaxAsks = 3;
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_askTimeout = TimeSpan.FromMinutes(1);

    /// <summary>One attempt.</summary>
    /// <param name="post">The whole message.</param>
    /// <param name="tag">Names the transfer; the same for every attempt.</param>
    /// <param name="isFirst">True when nothing can be held yet.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public async ValueTask<PostOutcome> PostAsync(HttpPost post, string tag, bool isFirst, CancellationToken cancellationToken)
    {
        var held = isFirst ? 0 : await AskAsync(post, tag, cancellationToken).ConfigureAwait(false);
        if (held < 0)
            return new PostOutcome(null, [], default, Failure: "the partner could not be asked how much of the message it holds");
        if (held > 0 && held <= post.Length)
        {
            var outcome = await ResumeAsync(post, tag, held, cancellationToken).ConfigureAwait(false);
            if (outcome.StatusCode != 416)
                return outcome;
            if (ContentRange.TryParseHeld(outcome.Headers[ContentRange.HeaderName], out var other) && other > 0 && other <= post.Length && other != held)
                outcome = await ResumeAsync(post, tag, other, cancellationToken).ConfigureAwait(false);
            if (outcome.StatusCode != 416)
                return outcome;
        }
        return await transport.PostAsync(Tagged(post, tag, first: 0), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Sends what is missing; at least the last octet, so that there is a request to answer.</summary>
    private ValueTask<PostOutcome> ResumeAsync(HttpPost post, string tag, long held, CancellationToken cancellationToken)
    {
        var first = Math.Min(held, post.Length - 1);
        LogResuming(post.Headers[As2HeaderNames.MessageId], post.Address.Host, first, post.Length);
        return transport.PostAsync(Tagged(post, tag, first), cancellationToken);
    }

    /// <summary>How much the partner holds; 0 when it does not know of restarts; -1 when it could not be asked.</summary>
    private async ValueTask<long> AskAsync(HttpPost post, string tag, CancellationToken cancellationToken)
    {
        var answer = await HeadAsync(post, tag, cancellationToken).ConfigureAwait(false);
        for (var asked = 1; answer.StatusCode is 500 or 503 && asked < MaxAsks; asked++)
        {
            // Locked: the partner has not noticed yet that the former attempt broke.
            var pause = answer.RetryAfter ?? TimeSpan.FromSeconds(1);
            await Task.Delay(pause < s_longestPause ? pause : s_longestPause, clock, cancellationToken).ConfigureAwait(false);
            answer = await HeadAsync(post, tag, cancellationToken).ConfigureAwait(false);
        }
        return answer.StatusCode is null ? -1 : HeldBy(answer) is > 0 and var held ? await CheckAsync(post, held, cancellationToken).ConfigureAwait(false) : 0;
    }

    /// <summary>
    /// A server that has a page at this address says its length whatever the tag. Only one that knows of restarts holds nothing of a
    /// transfer that never was.
    /// </summary>
    private async ValueTask<long> CheckAsync(HttpPost post, long held, CancellationToken cancellationToken)
    {
        var answer = await HeadAsync(post, $"\"{Guid.NewGuid():N}\"", cancellationToken).ConfigureAwait(false);
        return answer.StatusCode is null ? -1 : HeldBy(answer) == 0 ? held : 0;
    }

    private ValueTask<PostOutcome> HeadAsync(HttpPost post, string tag, CancellationToken cancellationToken)
    {
        var headers = new HeaderFields { { TransferTag.HeaderName, tag } };
        foreach (var name in (ReadOnlySpan<string>)[As2HeaderNames.As2Version, As2HeaderNames.As2From, As2HeaderNames.As2To, As2HeaderNames.UserAgent])
        {
            if (post.Headers[name] is { } value)
                headers.Add(name, value);
        }
        return transport.HeadAsync(post with { Headers = headers, Timeout = s_askTimeout }, cancellationToken);
    }

    private static long HeldBy(PostOutcome answer)
        => answer.IsSuccess && long.TryParse(answer.Headers["Content-Length"], NumberStyles.None, CultureInfo.InvariantCulture, out var held) ? held : 0;

    private static HttpPost Tagged(HttpPost post, string tag, long first)
    {
        var headers = new HeaderFields();
        foreach (var (name, value) in post.Headers)
            headers.Add(name, value);
        headers.Add(TransferTag.HeaderName, tag);
        if (first > 0 || post.Quirks.Contains(PartnerQuirk.SendChunked))
            headers.Add(ContentRange.HeaderName, new ContentRange(first, post.Length).ToString());
        return post with { Headers = headers, Length = post.Length - first, OpenBody = stop => OpenAsync(post, first, stop) };
    }

    /// <summary>What comes before is read all the same: the stored octets are verified as a whole.</summary>
    private static async ValueTask<Stream> OpenAsync(HttpPost post, long first, CancellationToken cancellationToken)
    {
        var body = await post.OpenBody(cancellationToken).ConfigureAwait(false);
        var block = ArrayPool<byte>.Shared.Rent(64 << 10);
        try
        {
            while (first > 0)
            {
                var read = await body.ReadAsync(block.AsMemory(0, (int)Math.Min(block.Length, first)), cancellationToken).ConfigureAwait(false);
                first -= read > 0 ? read : throw new EndOfStreamException("The stored message is shorter than its record says.");
            }
            return body;
        }
        catch
        {
            await body.DisposeAsync().ConfigureAwait(false);
            throw;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
    }

    [LoggerMessage(2201, LogLevel.Information, "Resuming {MessageId} to {Host} at octet {First} of {Total}")]
    private partial void LogResuming(string? messageId, string host, long first, long total);
}
