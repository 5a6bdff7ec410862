using As2.Agreements;
using As2.Layers;

namespace As2.Receipts;

/// <summary>
/// Which digest the MIC of a receipt uses (RFC 4130 §7.4.3). Signed: that of the signature, whatever the request lists. Not signed:
/// the first one asked for, or SHA-1 where none is named.
/// </summary>
public static class MicDigestChoice
{
    /// <summary>The digest.</summary>
    /// <param name="signature">The digest of the message's signature; null when it is not signed.</param>
    /// <param name="asked">The digests of <c>signed-receipt-micalg</c> that we know and allow, the preferred first.</param>
    /// <param name="quirks"><see cref="PartnerQuirk.MicByReceiptOptions"/>, <see cref="PartnerQuirk.UnsignedMicSha1"/> and <see cref="PartnerQuirk.UnsignedMicSha256"/> change it.</param>
    public static DigestAlgorithm Choose(
        DigestAlgorithm? signature, IReadOnlyList<DigestAlgorithm> asked, IReadOnlySet<PartnerQuirk>? quirks = null)
    {
        if (signature is null && Has(PartnerQuirk.UnsignedMicSha1))
            return DigestAlgorithm.Sha1;
        if (signature is null)
            return asked.Count > 0 ? asked[0] : Has(PartnerQuirk.UnsignedMicSha256) ? DigestAlgorithm.Sha256 : DigestAlgorithm.Sha1;
        return asked.Count > 0 && Has(PartnerQuirk.MicByReceiptOptions) ? asked[0] : signature;

        bool Has(PartnerQuirk quirk) => quirks?.Contains(quirk) == true;
    }
}
