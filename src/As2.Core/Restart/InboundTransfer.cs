using As2.Agreements;
using As2.Headers;

namespace As2.Restart;

/// <summary>
/// One request of a transfer that may be cut and resumed: its entity-tag and range are judged before the body is read, and the walk
/// sees the whole body whatever came before (draft-harding-as2-restart §4).
/// </summary>
internal sealed class InboundTransfer : IDisposable
{
    private static readonly TimeSpan s_locked = TimeSpan.FromSeconds(5);

    private readonly PartialBody _partial;

    private InboundTransfer(PartialBody partial, As2Request request) => (_partial, Request) = (partial, request);

    /// <summary>The request with the whole body.</summary>
    public As2Request Request { get; }

    /// <summary>
    /// Begins or resumes. Without an entity-tag, or without a place to keep parts, there is no transfer; a tail is never taken for
    /// a message even then.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="pair">AS2-From and AS2-To.</param>
    /// <param name="bodies">Where parts are kept, or null.</param>
    /// <param name="refusal">Why the request is turned away, or null.</param>
    public static InboundTransfer? Begin(As2Request request, (As2Identifier From, As2Identifier To) pair, PartialBodies? bodies, out ReceiveResult? refusal)
    {
        refusal = null;
        var said = request.Headers[ContentRange.HeaderName];
        var tag = TransferTag.Read(request.Headers[TransferTag.HeaderName]);
        if (said is null && (tag is null || bodies is null))
            return null;
        var isRange = ContentRange.TryParse(said, out var range) && (request.ContentLength is not { } length || length == range.Length);
        if (tag is null || bodies is null)
        {
            refusal = isRange && range.First == 0 ? null : Refuse(0, "a part of a message came where none is held");
            return null;
        }
        if (bodies.TryHold(new(pair.From, pair.To, tag)) is not { } partial)
        {
            refusal = ReceiveResult.TurnAway(503, "another request of this transfer is being read", s_locked);
            return null;
        }
        if (said is null || (isRange && range.First == 0))
        {
            var total = isRange ? range.Total : request.ContentLength;
            partial.Begin(total);
            if (!bodies.MakeRoom(new(pair.From, pair.To, tag), total))
                partial.GiveUp();
        }
        else if (!isRange || range.First > partial.Length || (partial.Total is { } total && total != range.Total))
        {
            refusal = Refuse(partial.Length, $"'{said}' does not continue the {partial.Length} octets that are held");
            partial.Dispose();
            return null;
        }
        return new InboundTransfer(partial, Whole(request, partial, range));
    }

    /// <summary>A request whose range turned out not to fit.</summary>
    public static ReceiveResult Refuse(long held, string why)
    {
        var result = ReceiveResult.TurnAway(416, why);
        result.Headers.Add(ContentRange.HeaderName, ContentRange.OfHeld(held));
        return result;
    }

    /// <summary>After an answer that settles the message nothing is left to resume; our own trouble, or a bad range, keeps the part.</summary>
    public ReceiveResult Conclude(ReceiveResult result)
    {
        if (result.StatusCode is not (416 or >= 500))
            _partial.Done();
        return result;
    }

    /// <inheritdoc/>
    public void Dispose() => _partial.Dispose();

    private static As2Request Whole(As2Request request, PartialBody partial, ContentRange range)
    {
        if (range.First > 0)
            partial.Expect(range.Total);
        return new As2Request
        {
            Headers = request.Headers,
            Body = new ResumedBody(partial, request.Body, range.First),
            ContentLength = partial.Total,
            RemoteAddress = request.RemoteAddress,
            Reference = request.Reference,
            Gate = request.Gate,
        };
    }
}
