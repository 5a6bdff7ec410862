using Entry = As2.AspNetCore.Configuration.Setting<As2.AspNetCore.As2EndpointOptions>;
using Kinds = As2.AspNetCore.Configuration.SettingKinds;

namespace As2.AspNetCore.Configuration;

/// <summary>Every setting of the endpoint; read once, when the host starts.</summary>
internal static class EndpointSettings
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    public static readonly IReadOnlyList<Entry> All =
    [
        Of("MaxRequestsAtOnce", Kinds.Number(1, 100_000), "requests that are answered at once, all callers together; more hear 503", o => o.MaxRequestsAtOnce, (o, v) => o.MaxRequestsAtOnce = v),
        Of("MaxRequestsAtOncePerPartner", Kinds.Number(1, 100_000), "requests of one proven partner that are answered at once; more hear 503", o => o.MaxRequestsAtOncePerPartner, (o, v) => o.MaxRequestsAtOncePerPartner = v),
        Of("MaxRequestsPerMinutePerPartner", Kinds.Number(0, 1_000_000), "requests of one proven partner in a minute; more hear 429; 0: no limit", o => o.MaxRequestsPerMinutePerPartner, (o, v) => o.MaxRequestsPerMinutePerPartner = v),
        Of("MaxUnprovenRequestsAtOnce", Kinds.Number(1, 100_000), "requests of all callers that have proven nothing, answered at once; more hear 503", o => o.MaxUnprovenRequestsAtOnce, (o, v) => o.MaxUnprovenRequestsAtOnce = v),
        Of("MaxUnprovenThreads", Kinds.Number(0, 1024), "threads that work on messages of callers that have proven nothing; 0: half the processors", o => o.MaxUnprovenThreads, (o, v) => o.MaxUnprovenThreads = v),
        Of("MaxFailuresPerMinute", Kinds.Number(1, 100_000), "messages that could not be opened or verified, in a minute from one address that has proven nothing; then it hears 429", o => o.MaxFailuresPerMinute, (o, v) => o.MaxFailuresPerMinute = v),
        Of("ProvenFor", Kinds.DurationFrom(TimeSpan.Zero, TimeSpan.FromDays(30)), "how long a verified signature speaks for the address it came from", o => o.ProvenFor, (o, v) => o.ProvenFor = v),
        Of("MaxHeaderBytes", Kinds.SizeFrom(1 << 10, 1 << 20), "names and values of all header fields together; more hear 431", o => o.MaxHeaderBytes, (o, v) => o.MaxHeaderBytes = v),
        Of("MaxRequestTime", Kinds.DurationFrom(s_second, TimeSpan.FromDays(7)), "how long one request may take, its body included; a longer one hears 408", o => o.MaxRequestTime, (o, v) => o.MaxRequestTime = v),
        Of("MinBodyBytesPerSecond", Kinds.Number(0, 1_000_000_000), "a body that comes slower hears 408; 0: no limit", o => o.MinBodyBytesPerSecond, (o, v) => o.MinBodyBytesPerSecond = v),
        Of("MinBodyRateGrace", Kinds.DurationFrom(s_second + TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1)), "for so long a body may be slower", o => o.MinBodyRateGrace, (o, v) => o.MinBodyRateGrace = v),
    ];

    /// <summary>Options that code has set, by the same ranges as those of a file.</summary>
    /// <exception cref="As2Exception">AS2-HOST-002: every one that is out of its range.</exception>
    public static void Check(As2EndpointOptions options)
    {
        var faults = All.Where(setting => !IsInRange(setting, options)).Select(setting => $"{setting.Name} is {setting.Show(options)}; write {setting.Accepts}.").ToList();
        if (faults.Count > 0)
            throw new As2Exception("AS2-HOST-002", string.Join(' ', faults));
    }

    private static bool IsInRange(Entry setting, As2EndpointOptions options)
    {
        try
        {
            setting.Apply(new As2EndpointOptions(), new SettingText(setting.Show(options)));
            return true;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private static Entry Of<TValue>(string name, SettingKind<TValue> kind, string meaning, Func<As2EndpointOptions, TValue> get, Action<As2EndpointOptions, TValue> set)
        => Entry.Of(name, name, kind, meaning, get, (options, value) =>
        {
            set(options, value);
            return options;
        });
}
