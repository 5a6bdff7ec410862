using As2.Agreements;
using As2.Certificates;
using As2.Storage;

namespace As2;

/// <summary>Whom we deal with: partnerships and their certificates.</summary>
/// <param name="Directory">Finds partnerships.</param>
/// <param name="Certificates">Gives their certificates.</param>
/// <param name="Keys">Bounds what is done with our private keys at once; null: one with the default limit. Share it between receiver and sender.</param>
public sealed record PartnerServices(IPartnershipDirectory Directory, ICertificateSource Certificates, PrivateKeyQueue? Keys = null)
{
    /// <summary>Bounds what is done with our private keys at once.</summary>
    public PrivateKeyQueue Keys { get; init; } = Keys ?? new PrivateKeyQueue();
}

/// <summary>What we remember: messages and content.</summary>
/// <param name="Messages">Writes messages.</param>
/// <param name="Journal">Reads messages.</param>
/// <param name="Blobs">Keeps large content.</param>
/// <param name="Health">Says whether new work can be taken; null: always.</param>
/// <param name="Partials">Keeps what came of cut transfers; null: nothing is kept, and nothing can be resumed.</param>
/// <param name="Quotas">Says whether an organisation may have another message; null: always.</param>
public sealed record StorageServices(
    IMessageStore Messages, IMessageJournal Journal, IBlobStore Blobs, IStoreHealth? Health = null, Restart.PartialBodies? Partials = null,
    QuotaGate? Quotas = null)
{
    /// <summary>What other nodes on the same store know too; null: there are none.</summary>
    internal SharedState? Shared { get; init; }

    internal IPartnerStandings Standings(TimeProvider clock) => Shared?.Standings ?? new OwnStandings(clock);
}

/// <summary>Settings of the engine, bound and validated at start.</summary>
public sealed class As2Options
{
    /// <summary>The product token of <c>User-Agent</c>, <c>Server</c> and <c>Reporting-UA</c>. Default: <c>As2Sdk</c>.</summary>
    public string Product { get; set; } = "As2Sdk";

    /// <summary>The right side of our Message-IDs: letters, digits, dots and hyphens. Default: <c>as2.invalid</c>; set your domain.</summary>
    public string MessageIdHost { get; set; } = "as2.invalid";

    /// <summary>Bounds on what a message may make us do.</summary>
    public Layers.LayerLimits Limits { get; set; } = Layers.LayerLimits.Default;

    /// <summary>How much of a refused request is kept for the operator, in bytes. Default: 1 MiB; 0 keeps nothing.</summary>
    public int RefusedBytesKept { get; set; } = 1 << 20;

    /// <summary>
    /// Negative answers to encrypted messages leave on multiples of this interval, so that their timing tells nothing
    /// (protocol of the decryption oracle). Default: 250 ms; zero switches it off.
    /// </summary>
    public TimeSpan FailureGrid { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// One private-key operation more runs at once than there are cores. While so many steps of messages wait for their turn, new messages
    /// are turned away with 503 and Retry-After. Default: 256.
    /// </summary>
    public int MaxWaitingForKeys { get; set; } = PrivateKeyQueue.DefaultMaxWaiting;

    /// <summary>How long a claimed job is ours before another worker may take it. Default: 60 seconds.</summary>
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How long the whole answer to a post may take, from its last octet, receipt included. Default: 10 minutes.</summary>
    public TimeSpan AnswerTimeout { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// After this many attempts in a row without an answer a partner is left alone: 15 seconds, then twice as long each time up to 5
    /// minutes, one message as a probe in between. Default: 5; 0 switches it off.
    /// </summary>
    public int FailuresBeforePause { get; set; } = 5;

    /// <summary>What a pair of names hears that we have no agreement with. Default: an unsigned negative receipt where one was asked for.</summary>
    public StrangerAnswer StrangerAnswer { get; set; }

    /// <summary>The routes of partnerships that name none. Default: none, payloads stay in the store.</summary>
    public IList<string> DefaultRoutes { get; } = [];

    /// <summary>Where what goes over the wire is kept for partnerships that say <see cref="Agreements.Partnership.Capture"/>. Default: nowhere.</summary>
    public string? CaptureFolder { get; set; }

    /// <summary>How much of one captured request or answer is kept, in bytes, its head included. Default: 1 MiB.</summary>
    public int CaptureMessageBytes { get; set; } = 1 << 20;

    /// <summary>What all captured files may hold together, in bytes; the oldest make room. Default: 100 MiB.</summary>
    public long CaptureTotalBytes { get; set; } = 100 << 20;

    /// <summary>What is kept of messages whose transfer was cut, until their senders resume them.</summary>
    public Restart.RestartLimits Restart { get; set; } = new();

    /// <summary>When a message without outcome goes again.</summary>
    public Transmission.RetrySchedule Retry { get; set; } = Transmission.RetrySchedule.Default;
}

/// <summary>The answer to a pair of names without an agreement (RFC 4130 §6.2 leaves it open; it is never signed).</summary>
public enum StrangerAnswer
{
    /// <summary>An unsigned receipt with <c>unknown-trading-partner</c>, the word of deployed products; HTTP 403 where none was asked for.</summary>
    UnknownTradingPartner,

    /// <summary>The same with <c>unknown-trading-relationship</c>, the word of rfc4130bis.</summary>
    UnknownTradingRelationship,

    /// <summary>HTTP 403 always.</summary>
    Forbidden,
}
