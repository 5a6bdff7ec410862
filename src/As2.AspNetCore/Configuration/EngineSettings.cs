using As2.Layers;
using As2.Restart;
using As2.Transmission;
using Entry = As2.AspNetCore.Configuration.Setting<As2.As2Options>;
using Kinds = As2.AspNetCore.Configuration.SettingKinds;
using Words = As2.AspNetCore.Configuration.SettingWords;

namespace As2.AspNetCore.Configuration;

/// <summary>Every setting of the engine itself; read once, when the host starts.</summary>
internal static class EngineSettings
{
    public static readonly IReadOnlyList<Entry> All = [.. General(), .. Retrying(), .. Restarting(), .. Limits()];

    private static IEnumerable<Entry> General()
    {
        yield return Of("Product", "Product", Kinds.Text, "the product that our headers and receipts name", o => o.Product, (o, v) => o.Product = v);
        yield return Of("MessageIdHost", "MessageIdHost", Kinds.Text, "the right side of our Message-IDs: your domain", o => o.MessageIdHost, (o, v) => o.MessageIdHost = v);
        yield return Of("FailuresBeforePause", "FailuresBeforePause", Kinds.Number(0, 1000), "attempts in a row without an answer after which a partner is left alone for a while; 0: never", o => o.FailuresBeforePause, (o, v) => o.FailuresBeforePause = v);
        yield return Of("StrangerAnswer", "StrangerAnswer", Words.Stranger, "what a pair of names without an agreement hears", o => o.StrangerAnswer, (o, v) => o.StrangerAnswer = v);
        yield return Of("RefusedBytesKept", "RefusedBytesKept", Kinds.SmallSize, "how much of a refused request is kept", o => o.RefusedBytesKept, (o, v) => o.RefusedBytesKept = v);
        yield return Of("CaptureFolder", "CaptureFolder", Kinds.OptionalText, "where what goes over the wire is kept for partnerships with `Capture`; the gateway: `captures` in its data folder", o => o.CaptureFolder, (o, v) => o.CaptureFolder = v);
        yield return Of("CaptureMessageBytes", "CaptureMessageBytes", Kinds.SmallSize, "how much of one captured request or answer is kept", o => o.CaptureMessageBytes, (o, v) => o.CaptureMessageBytes = v);
        yield return Of("CaptureTotalBytes", "CaptureTotalBytes", Kinds.Size, "what all captured files may hold together; the oldest make room", o => o.CaptureTotalBytes, (o, v) => o.CaptureTotalBytes = v);
        yield return Of("FailureGrid", "FailureGrid", Kinds.Duration, "refusals leave on multiples of this, so that their timing tells nothing", o => o.FailureGrid, (o, v) => o.FailureGrid = v);
        yield return Of("MaxWaitingForKeys", "MaxWaitingForKeys", Kinds.Number(1, 1_000_000), "steps that may wait for a private key before new messages are turned away with 503", o => o.MaxWaitingForKeys, (o, v) => o.MaxWaitingForKeys = v);
        yield return Of("Lease", "Lease", Kinds.Duration, "how long a claimed job is one worker's", o => o.Lease, (o, v) => o.Lease = v);
        yield return Of("AnswerTimeout", "AnswerTimeout", Kinds.Duration, "how long the answer to a post may take, from its last octet, receipt included", o => o.AnswerTimeout, (o, v) => o.AnswerTimeout = v);
        yield return Of("DefaultRoutes", "DefaultRoutes", Kinds.Names, "the routes of partnerships that name none", o => [.. o.DefaultRoutes], (o, v) =>
        {
            foreach (var route in v.Where(r => !o.DefaultRoutes.Contains(r)))
                o.DefaultRoutes.Add(route);
        });
    }

    private static IEnumerable<Entry> Retrying()
    {
        yield return Again("RetryWaits", "Waits", Kinds.Durations, "the waits after the first, second, … attempt; the last one repeats", r => r.Waits, (r, v) => r with { Waits = v });
        yield return Again("RetryFor", "Total", Kinds.Duration, "after this age a message has failed", r => r.Total, (r, v) => r with { Total = v });
        yield return Again("RetryJitter", "Jitter", Kinds.Fraction, "the random part of each wait", r => r.Jitter, (r, v) => r with { Jitter = v });
    }

    private static IEnumerable<Entry> Restarting()
    {
        yield return Held("RestartTransfers", "MaxTransfers", Kinds.Number(0, 10_000), "cut transfers of one partnership that are kept to be resumed, the oldest make room; 0: none", r => r.MaxTransfers, (r, v) => r with { MaxTransfers = v });
        yield return Held("RestartBytes", "MaxBytes", Kinds.Size, "what is kept of cut transfers of one partnership", r => r.MaxBytes, (r, v) => r with { MaxBytes = v });
        yield return Held("RestartAge", "MaxAge", Kinds.Duration, "how long a part waits for the rest", r => r.MaxAge, (r, v) => r with { MaxAge = v });
    }

    private static IEnumerable<Entry> Limits()
    {
        yield return Limit("MaxDepth", Kinds.Number(1, 16), "layers around a payload", l => l.MaxDepth, (l, v) => l with { MaxDepth = v });
        yield return Limit("MaxHeaderBytes", Kinds.SmallSize, "one block of header fields", l => l.MaxHeaderBytes, (l, v) => l with { MaxHeaderBytes = v });
        yield return Limit("MaxStructureBytes", Kinds.SmallSize, "a signature, or what stands around encrypted content", l => l.MaxStructureBytes, (l, v) => l with { MaxStructureBytes = v });
        yield return Limit("MaxRecipients", Kinds.Number(1, 10_000), "recipients of a message", l => l.MaxRecipients, (l, v) => l with { MaxRecipients = v });
        yield return Limit("MaxSigners", Kinds.Number(1, 1000), "signers of a message", l => l.MaxSigners, (l, v) => l with { MaxSigners = v });
        yield return Limit("MaxCertificates", Kinds.Number(1, 1000), "certificates in a signature", l => l.MaxCertificates, (l, v) => l with { MaxCertificates = v });
        yield return Limit("MaxAttachments", Kinds.Number(1, 100_000), "payloads of one message", l => l.MaxAttachments, (l, v) => l with { MaxAttachments = v });
        yield return Limit("MaxPayloadBytes", Kinds.Size, "all payloads of one message", l => l.MaxPayloadBytes, (l, v) => l with { MaxPayloadBytes = v });
        yield return Limit("MaxExpansionRatio", Kinds.Number(2, 1_000_000), "decompressed bytes for one compressed byte", l => l.MaxExpansionRatio, (l, v) => l with { MaxExpansionRatio = v });
    }

    private static Entry Of<TValue>(string name, string member, SettingKind<TValue> kind, string meaning, Func<As2Options, TValue> get, Action<As2Options, TValue> set)
        => Entry.Of(name, member, kind, meaning, get, (options, value) =>
        {
            set(options, value);
            return options;
        });

    private static Entry Again<TValue>(string name, string member, SettingKind<TValue> kind, string meaning, Func<RetrySchedule, TValue> get, Func<RetrySchedule, TValue, RetrySchedule> set)
        => Of(name, "Retry." + member, kind, meaning, o => get(o.Retry), (o, v) => o.Retry = set(o.Retry, v));

    private static Entry Held<TValue>(string name, string member, SettingKind<TValue> kind, string meaning, Func<RestartLimits, TValue> get, Func<RestartLimits, TValue, RestartLimits> set)
        => Of(name, "Restart." + member, kind, meaning, o => get(o.Restart), (o, v) => o.Restart = set(o.Restart, v));

    private static Entry Limit<TValue>(string name, SettingKind<TValue> kind, string meaning, Func<LayerLimits, TValue> get, Func<LayerLimits, TValue, LayerLimits> set)
        => Of(name, "Limits." + name, kind, "at most: " + meaning, o => get(o.Limits), (o, v) => o.Limits = set(o.Limits, v));
}
