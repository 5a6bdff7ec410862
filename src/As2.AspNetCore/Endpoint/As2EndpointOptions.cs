namespace As2.AspNetCore;

/// <summary>
/// Bounds on what callers may use of the endpoint; read once, when it is mapped. The defaults suit a machine on the open internet. What
/// a partner may use beyond or below them stands in its partnership (<see cref="Agreements.AccessAgreement"/>).
/// A caller is proven while it comes from an address, or with a TLS client certificate, that a partnership names, or from an address
/// from which a verified signature of that partner came within <see cref="ProvenFor"/>.
/// </summary>
public sealed class As2EndpointOptions
{
    /// <summary>Requests that are answered at once, all callers together; more hear 503. Default: 512; 1 to 100,000.</summary>
    public int MaxRequestsAtOnce { get; set; } = 512;

    /// <summary>Requests of one proven partner that are answered at once; more hear 503. Default: 128; 1 to 100,000.</summary>
    public int MaxRequestsAtOncePerPartner { get; set; } = 128;

    /// <summary>Requests of one proven partner in a minute; more hear 429. Default: 0, no limit; to 1,000,000.</summary>
    public int MaxRequestsPerMinutePerPartner { get; set; }

    /// <summary>Requests of all callers that have proven nothing, answered at once; more hear 503. Default: 128; 1 to 100,000.</summary>
    public int MaxUnprovenRequestsAtOnce { get; set; } = 128;

    /// <summary>
    /// Threads that work on messages of callers that have proven nothing: their cryptography waits in line, partners' does not.
    /// Default: 0, half the processors and at least one; to 1,024.
    /// </summary>
    public int MaxUnprovenThreads { get; set; }

    /// <summary>
    /// Messages that could not be opened or verified, in a minute from one address that has proven nothing; then it hears 429.
    /// Default: 30; 1 to 100,000.
    /// </summary>
    public int MaxFailuresPerMinute { get; set; } = 30;

    /// <summary>How long a verified signature speaks for the address it came from. Default: 1 day; up to 30 days; zero: not at all.</summary>
    public TimeSpan ProvenFor { get; set; } = TimeSpan.FromDays(1);

    /// <summary>Names and values of all header fields together, in bytes; more hear 431. Default: 32 KiB, which is Kestrel's own limit too; 1 KiB to 1 MiB.</summary>
    public int MaxHeaderBytes { get; set; } = 32 << 10;

    /// <summary>How long one request may take, its body included; a longer one hears 408. Default: 4 hours; 1 second to 7 days.</summary>
    public TimeSpan MaxRequestTime { get; set; } = TimeSpan.FromHours(4);

    /// <summary>A body that comes slower than so many bytes in a second hears 408. Default: 1,000; 0: no limit; to 1,000,000,000.</summary>
    public int MinBodyBytesPerSecond { get; set; } = 1000;

    /// <summary>For so long a body may be slower. Default: 10 seconds; more than 1 second, up to 1 hour.</summary>
    public TimeSpan MinBodyRateGrace { get; set; } = TimeSpan.FromSeconds(10);
}
