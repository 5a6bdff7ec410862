using System.Collections.Concurrent;
using As2.Certificates;

namespace As2.Agreements;

/// <summary>The certificates of one partnership, each list with the preferred one first. Immutable.</summary>
public sealed record PartnershipCertificates
{
    /// <summary>Our keys that sign messages and receipts.</summary>
    public IReadOnlyList<As2Certificate> Sign { get; init; } = [];

    /// <summary>Our keys that open messages.</summary>
    public IReadOnlyList<As2Certificate> Decrypt { get; init; } = [];

    /// <summary>The partner's certificates that may have signed messages and receipts.</summary>
    public IReadOnlyList<As2Certificate> Verify { get; init; } = [];

    /// <summary>The partner's certificates to encrypt to.</summary>
    public IReadOnlyList<As2Certificate> Encrypt { get; init; } = [];

    /// <summary>Our keys that sign receipts. Null: those of <see cref="Sign"/>.</summary>
    public IReadOnlyList<As2Certificate>? SignReceipt { get; init; }

    /// <summary>The partner's certificates that may have signed receipts. Null: those of <see cref="Verify"/>.</summary>
    public IReadOnlyList<As2Certificate>? VerifyReceipt { get; init; }

    /// <summary>Our certificates, with their keys, that wait to be offered by certificate exchange.</summary>
    public IReadOnlyList<As2Certificate> Offer { get; init; } = [];

    /// <summary>Our TLS certificates that we show to the partner's server.</summary>
    public IReadOnlyList<As2Certificate> TlsClient { get; init; } = [];

    /// <summary>The TLS certificates of the partner's server, or their issuers. Default: none, what the system trusts.</summary>
    public IReadOnlyList<As2Certificate> TlsServer { get; init; } = [];

    /// <summary>The TLS certificates that the partner shows when it calls us. Default: none, it need not show one.</summary>
    public IReadOnlyList<As2Certificate> TlsCaller { get; init; } = [];

    /// <summary>One certificate for each side and every role of messages, the common case.</summary>
    public static PartnershipCertificates Of(As2Certificate ours, As2Certificate theirs)
        => new() { Sign = [ours], Decrypt = [ours], Verify = [theirs], Encrypt = [theirs] };

    internal IReadOnlyList<As2Certificate> For(CertificateRole role) => role switch
    {
        CertificateRole.Sign => Sign,
        CertificateRole.Decrypt => Decrypt,
        CertificateRole.Verify => Verify,
        CertificateRole.Encrypt => Encrypt,
        CertificateRole.SignReceipt => SignReceipt ?? Sign,
        CertificateRole.Offer => Offer,
        CertificateRole.TlsClient => TlsClient,
        CertificateRole.TlsServer => TlsServer,
        CertificateRole.TlsCaller => TlsCaller,
        _ => VerifyReceipt ?? Verify,
    };
}

/// <summary>
/// Partnerships and certificates in memory: the default of a host that reads them at start, and again when they change. Thread-safe.
/// </summary>
public sealed class PartnershipBook : IPartnershipDirectory, ICertificateSource
{
    private volatile ConcurrentDictionary<(As2Identifier Local, As2Identifier Partner), (Partnership Partnership, PartnershipCertificates Certificates)> _entries = new();

    /// <summary>Every partnership, in no order.</summary>
    public IEnumerable<Partnership> Partnerships => _entries.Values.Select(e => e.Partnership);

    /// <summary>The certificates of a pair, or null when it is not here.</summary>
    public PartnershipCertificates? CertificatesOf(Partnership partnership)
        => _entries.TryGetValue((partnership.Local, partnership.Partner), out var entry) ? entry.Certificates : null;

    /// <summary>Takes over everything that another book holds, and nothing else, in one step. The other one is given up to this.</summary>
    public void ReplaceBy(PartnershipBook next) => _entries = next._entries;

    /// <summary>Adds a partnership, or replaces the one of the same pair.</summary>
    /// <returns>This book.</returns>
    public PartnershipBook Add(Partnership partnership, PartnershipCertificates certificates)
    {
        _entries[(partnership.Local, partnership.Partner)] = (partnership, certificates);
        return this;
    }

    /// <inheritdoc/>
    public ValueTask<Partnership?> FindAsync(As2Identifier local, As2Identifier partner, CancellationToken cancellationToken)
        => ValueTask.FromResult(_entries.TryGetValue((local, partner), out var entry) ? entry.Partnership : null);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<As2Certificate>> FindAsync(Partnership partnership, CertificateRole role, CancellationToken cancellationToken)
        => ValueTask.FromResult(
            _entries.TryGetValue((partnership.Local, partnership.Partner), out var entry) ? entry.Certificates.For(role) : []);
}
