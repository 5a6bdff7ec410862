using System.Diagnostics;
using System.Diagnostics.Metrics;
using As2.Agreements;
using As2.Receipts;
using As2.Storage;

namespace As2.Telemetry;

/// <summary>The instruments. TELEMETRY.md says what each counts.</summary>
internal static class Measures
{
    // First: what follows is made with it.
    private static readonly InstrumentAdvice<double> s_seconds = new() { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800] };

    private static readonly HashSet<string> s_words = new(StringComparer.OrdinalIgnoreCase)
    {
        "authentication-failed", "decompression-failed", "decryption-failed", "insufficient-message-security", "integrity-check-failed",
        "unexpected-processing-error", "unknown-trading-partner", "unknown-trading-relationship", "invalid-message-id", "duplicate-document",
        "duplicate-filename", "illegal-filename", "unsupported format", "unsupported MIC-algorithms", "sender-equals-receiver",
    };

    /// <summary>Messages that came to an outcome, both ways.</summary>
    public static readonly Counter<long> Messages = As2Telemetry.Meter.CreateCounter<long>("as2.messages", "{message}", "Messages that came to an outcome.");

    /// <summary>Receipts given and taken.</summary>
    public static readonly Counter<long> Receipts = As2Telemetry.Meter.CreateCounter<long>("as2.receipts", "{receipt}", "Receipts given and taken.");

    /// <summary>Requests that are being answered.</summary>
    public static readonly UpDownCounter<long> ActiveRequests = As2Telemetry.Meter.CreateUpDownCounter<long>("as2.requests.active", "{request}", "Requests that are being answered.");

    /// <summary>Jobs that a worker has in hand.</summary>
    public static readonly UpDownCounter<long> ActiveJobs = As2Telemetry.Meter.CreateUpDownCounter<long>("as2.jobs.active", "{job}", "Jobs that a worker has in hand.");

    /// <summary>Bytes on the wire.</summary>
    public static readonly Histogram<long> Size = As2Telemetry.Meter.CreateHistogram<long>("as2.message.size", "By", "Bytes of a message on the wire.");

    /// <summary>From the head of a request to its answer.</summary>
    public static readonly Histogram<double> ReceiveTime = Time("as2.receive.duration", "From the head of a request to its answer.");

    /// <summary>One attempt to send.</summary>
    public static readonly Histogram<double> SendTime = Time("as2.send.duration", "One attempt to send, packing and receipt included.");

    /// <summary>One attempt to deliver.</summary>
    public static readonly Histogram<double> DeliverTime = Time("as2.deliver.duration", "One attempt to hand a payload to its route.");

    /// <summary>How long work for somebody who has proven nothing waited.</summary>
    public static readonly Histogram<double> StrangerWait = Time("as2.unproven.wait", "How long work for a sender that has proven nothing waited for its share of the processors.");

    /// <summary>A message came to an outcome.</summary>
    public static void Count(MessageKey key, string outcome, Disposition? disposition)
    {
        var tags = Pair(key);
        tags.Add(TagNames.Outcome, outcome);
        tags.Add(TagNames.Disposition, Word(disposition));
        Messages.Add(1, tags);
    }

    /// <summary>A receipt was given (inbound message) or taken (outbound).</summary>
    public static void CountReceipt(MessageKey key, Disposition? disposition)
    {
        var tags = Pair(key);
        tags.Add(TagNames.Disposition, Word(disposition));
        Receipts.Add(1, tags);
    }

    /// <summary>The size of a message on the wire.</summary>
    public static void Measure(MessageKey key, long bytes) => Size.Record(bytes, Pair(key));

    /// <summary>A disposition as a tag: those of the standards and of known products; whatever else a partner writes is one value.</summary>
    public static string Word(Disposition? disposition)
    {
        if (disposition is not { } known)
            return "none";
        return known.Modifier != DispositionModifierKind.Other && (known.Text is null || s_words.Contains(known.Text)) ? known.ToString() : "other";
    }

    /// <summary>The two names of an agreement.</summary>
    public static TagList Pair(As2Identifier local, As2Identifier partner) => new() { { TagNames.Local, local.Value }, { TagNames.Partner, partner.Value } };

    private static TagList Pair(MessageKey key)
    {
        var tags = Pair(key.Local, key.Partner);
        tags.Add(TagNames.Direction, key.Direction == MessageDirection.Inbound ? "inbound" : "outbound");
        return tags;
    }

    private static Histogram<double> Time(string name, string description) => As2Telemetry.Meter.CreateHistogram(name, "s", description, advice: s_seconds);
}
