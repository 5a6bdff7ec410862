using System.Runtime.CompilerServices;
using As2.Agreements;
using As2.CertificateExchange;
using As2.Headers;
using As2.Layers;
using As2.Payloads;
using As2.Receipts;
using As2.Storage;
using As2.Telemetry;
using As2.Transmission;

namespace As2;

/// <summary>One message on its receive walk: what is known of it so far.</summary>
internal sealed class InboundMessage : IAsyncDisposable
{
    private const int UsualDescription = 256;

    private static readonly LayerTrace s_nothing = new();
    private static readonly NewJob[] s_postReceipt = [new(JobKind.SendReceipt)];
    private static readonly (string, string)[] s_answered = [("receipt", "stored, answered with it")];

    public InboundMessage(As2Request request, RequestHead head, Partnership partnership, IBlobStore blobs, As2Options options)
    {
        (Request, Head, Partnership) = (request, head, partnership);
        ReceiptRequest = ReceiptRequest.Read(request.Headers).Within(partnership.Receiving);
        ReceiptUrl = ReceiptUrlPolicy.Accept(ReceiptRequest.AsynchronousUrl, partnership);
        Payloads = new PayloadSpool(blobs, request.ContentLength);
        Capture = new RequestCapture(blobs, options.RefusedBytesKept);
    }

    /// <summary>The request.</summary>
    public As2Request Request { get; }

    /// <summary>Its head.</summary>
    public RequestHead Head { get; }

    /// <summary>What was agreed with its sender.</summary>
    public Partnership Partnership { get; }

    /// <summary>The receipt that its sender asks for.</summary>
    public ReceiptRequest ReceiptRequest { get; }

    /// <summary>Where an asynchronous receipt goes; null: the answer carries it.</summary>
    public Uri? ReceiptUrl { get; }

    /// <summary>Takes its payloads.</summary>
    public PayloadSpool Payloads { get; }

    /// <summary>Keeps its start, should it be refused.</summary>
    public RequestCapture Capture { get; }

    /// <summary>When the walk began, as a timestamp.</summary>
    public required long Started { get; init; }

    /// <summary>What was seen; set by <see cref="Conclude"/>.</summary>
    public LayerTrace Trace { get; private set; } = s_nothing;

    /// <summary>The layers in plain words; set with the trace.</summary>
    private string Security { get; set; } = "";

    /// <summary>What the receipt says.</summary>
    public Disposition Disposition => Fault is { } fault ? Word(fault.Disposition) : FileNames.Judge(Payloads.Headers, Partnership);

    /// <summary>Why it is refused, or null.</summary>
    public LayerFault? Fault { get; private set; }

    /// <summary>The digest that its MIC is wanted in where it turns out not to be signed (RFC 4130 §7.4.3).</summary>
    public IReadOnlyList<DigestAlgorithm> MicDigests => [MicDigestChoice.Choose(null, ReceiptRequest.Digests, Partnership.Quirks)];

    /// <summary>Steps 5 and 6: the agreement against what was seen.</summary>
    public void Conclude(LayerTrace trace)
    {
        (Trace, Security) = (trace, Describe(trace));
        // What header fields and outer structure say by themselves comes first: after a decryption it would tell that this one went well.
        Fault = Head.Fault ?? ReceiptRequest.Fault ?? SecurityCheck.CompareCipher(trace, Partnership.Receiving)
            ?? trace.Fault ?? SecurityCheck.Compare(trace, Partnership.Receiving) ?? FileNames.Refuse(Payloads.Headers, Partnership.Receiving)
            ?? ExchangeGate.Refuse(trace, Payloads.Headers, Partnership);
    }

    /// <summary>Refuses it for a reason found later.</summary>
    public void Refuse(LayerFault fault) => Fault = fault;

    /// <summary>True when the earlier message holds the same content: a MIC of theirs is one of ours.</summary>
    public bool IsSameAs(StoredMessage earlier)
        => Trace.Mics.Any(ours => earlier.Mics.Any(theirs => MessageIntegrityCheck.TryParse(theirs, out var mic) && mic.Equals(ours)));

    /// <summary>The row that step 9 commits.</summary>
    public StoredMessage ToStored(MessageState state, IReadOnlyList<StoredPayload> payloads, WireMessage? receipt, DateTimeOffset now) => new()
    {
        Id = IdentifierBits.Uuid(),
        Key = Head.Key,
        MessageId = Head.MessageId!,
        State = state,
        Created = now,
        Payloads = payloads,
        Mics = Trace.Mics is [var only] ? [only.ToString()] : [.. Trace.Mics.Select(m => m.ToString())],
        Receipt = receipt,
        Disposition = Disposition.ToString(),
        ReceiptUrl = receipt is null ? null : ReceiptUrl,
        Security = Security,
        Diagnosis = Fault?.Diagnosis,
        TraceParent = As2Telemetry.Context,
    };

    /// <summary>The job that posts an asynchronous receipt.</summary>
    public ReadOnlySpan<NewJob> ReceiptJobs(WireMessage? receipt)
        => receipt is not null && ReceiptUrl is not null ? s_postReceipt : [];

    /// <summary>The history line of the receipt.</summary>
    public ReadOnlySpan<(string Kind, string Text)> ReceiptEvents(WireMessage? receipt)
        => receipt is null ? [] : ReceiptUrl is null ? s_answered : new[] { ("receipt", $"stored, to be posted to {ReceiptUrl.Host}") };

    /// <summary>The history line of the message.</summary>
    public string Story() => $"from {Head.From}, {Security}, MIC {Trace.Mics.FirstOrDefault()}";

    /// <summary>Counts it, and the receipt that answers it.</summary>
    public void Count(WireMessage? receipt)
    {
        Measures.Count(Head.Key, Fault is null ? "accepted" : "refused", Disposition);
        if (receipt is not null)
            Measures.CountReceipt(Head.Key, Disposition);
    }

    /// <summary>Step 10: the HTTP answer.</summary>
    /// <param name="outcome">How it ended.</param>
    /// <param name="stored">The row.</param>
    /// <param name="receipt">The receipt, or null.</param>
    /// <param name="disposition">What the receipt says; null: that of this walk.</param>
    public ReceiveResult Answer(ReceiveOutcome outcome, StoredMessage stored, WireMessage? receipt, Disposition? disposition = null)
    {
        var synchronous = ReceiptUrl is null ? receipt : null;
        return new ReceiveResult
        {
            Outcome = outcome,
            StatusCode = synchronous is null ? EmptyAnswer : 200,
            Headers = synchronous?.Headers ?? [],
            Body = synchronous?.Body.Inline ?? default,
            Disposition = disposition ?? Disposition,
            Id = stored.Id,
            Diagnosis = Fault?.Diagnosis,
        };
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Payloads.DisposeAsync().ConfigureAwait(false);
        await Capture.DisposeAsync().ConfigureAwait(false);
    }

    private Disposition Word(Disposition disposition)
        => disposition == Disposition.InvalidMessageId && !Partnership.Quirks.Contains(PartnerQuirk.DraftModifiers)
            ? Disposition.UnexpectedProcessingError
            : disposition;

    /// <summary>The status of an answer without a receipt: any 2xx is legal (RFC 4130 §7.6), and products are particular.</summary>
    private int EmptyAnswer
        => Partnership.Quirks.Contains(PartnerQuirk.AnswerNoContent) ? 204 : Partnership.Quirks.Contains(PartnerQuirk.AnswerAccepted) ? 202 : 200;

    private static string Describe(LayerTrace trace)
    {
        if (trace.Layers.Count == 0)
            return "plain";
        var text = new DefaultInterpolatedStringHandler(0, 0, null, stackalloc char[UsualDescription]);
        for (var i = 0; i < trace.Layers.Count; i++)
        {
            if (i > 0)
                text.AppendLiteral(", ");
            Describe(trace.Layers[i], ref text);
        }
        return text.ToStringAndClear();
    }

    private static void Describe(Layer layer, ref DefaultInterpolatedStringHandler text)
    {
        text.AppendLiteral(layer.Kind switch { LayerKind.CompressedData => "compressed", LayerKind.SignedData => "signed ", _ => "encrypted " });
        if (layer.Kind != LayerKind.CompressedData)
            text.AppendLiteral(layer.Algorithm);
    }
}
