using As2.Agreements;
using As2.Certificates;
using As2.Layers;
using As2.Tool.Keys;

namespace As2.Tool.Serving;

/// <summary>
/// The agreement of a throw-away receiver: everybody may send, signed or not, with any algorithm that can be read. Asynchronous
/// receipts go to this machine, and to the hosts that its user names.
/// </summary>
internal sealed class Anybody(KeyRing keys, IEnumerable<string> receiptHosts) : IPartnershipDirectory, ICertificateSource
{
    private static readonly SecurityRequirements s_anything = new()
    {
        RequireSigned = false,
        RequireEncrypted = false,
        Digests = new HashSet<DigestAlgorithm>(DigestAlgorithm.All),
        Ciphers = new HashSet<ContentCipher>(ContentCipher.All),
        AcceptOpaqueSignature = true,
        MaxMessageBytes = long.MaxValue,
    };

    // The hosts were named on the command line.
    private static readonly ConnectionAgreement s_anywhere = new() { AllowPrivateAddresses = true };

    private readonly ReceiptAgreement _receipt = new()
    {
        AllowedReceiptHosts = new HashSet<string>([.. receiptHosts, "localhost", "127.0.0.1", "[::1]"], StringComparer.OrdinalIgnoreCase),
    };

    public ValueTask<Partnership?> FindAsync(As2Identifier local, As2Identifier partner, CancellationToken cancellationToken)
        => ValueTask.FromResult<Partnership?>(new Partnership { Local = local, Partner = partner, Receiving = s_anything, Receipt = _receipt, Connection = s_anywhere });

    public ValueTask<IReadOnlyList<As2Certificate>> FindAsync(Partnership partnership, CertificateRole role, CancellationToken cancellationToken)
        => ValueTask.FromResult<IReadOnlyList<As2Certificate>>(role is CertificateRole.Verify or CertificateRole.Encrypt or CertificateRole.VerifyReceipt
            ? keys.Partners
            : role is CertificateRole.TlsClient or CertificateRole.TlsServer or CertificateRole.TlsCaller ? [] : [.. keys.Own.Where(c => c.Certificate.HasPrivateKey)]);
}
