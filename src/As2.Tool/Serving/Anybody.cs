using As2.Agreements;
using As2.Certificates;
using As2.Layers;
using As2.Tool.Keys;

namespace As2.Tool.Serving;

/// <summary>The agreement of a throw-away receiver: everybody may send, signed or not, with any algorithm that can be read.</summary>
internal sealed class Anybody(KeyRing keys) : IPartnershipDirectory, ICertificateSource
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

    public ValueTask<Partnership?> FindAsync(As2Identifier local, As2Identifier partner, CancellationToken cancellationToken)
        => ValueTask.FromResult<Partnership?>(new Partnership { Local = local, Partner = partner, Receiving = s_anything });

    public ValueTask<IReadOnlyList<As2Certificate>> FindAsync(Partnership partnership, CertificateRole role, CancellationToken cancellationToken)
        => ValueTask.FromResult<IReadOnlyList<As2Certificate>>(role is CertificateRole.Verify or CertificateRole.Encrypt or CertificateRole.VerifyReceipt
            ? keys.Partners
            : [.. keys.Own.Where(c => c.Certificate.HasPrivateKey)]);
}
