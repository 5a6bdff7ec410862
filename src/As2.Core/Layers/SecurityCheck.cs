using As2.Agreements;
using As2.Receipts;

namespace As2.Layers;

/// <summary>Step 5 of the receive walk: what was found, against what was agreed.</summary>
internal static class SecurityCheck
{
    /// <summary>
    /// The fault that the outer structure alone shows. It comes before any fault of decryption: told after it, only messages that
    /// decrypt would get this answer, and that is an oracle.
    /// </summary>
    public static LayerFault? CompareCipher(LayerTrace trace, SecurityRequirements agreed)
        => trace.Layers is [{ Cipher: { } cipher }, ..] && !agreed.Ciphers.Contains(cipher)
            ? Insufficient($"The message is encrypted with {cipher}, which the agreement does not allow.")
            : null;

    /// <summary>The fault, or null when the message keeps the agreement.</summary>
    public static LayerFault? Compare(LayerTrace trace, SecurityRequirements agreed)
    {
        foreach (var layer in trace.Layers)
        {
            if (layer.IsOpaque && !agreed.AcceptOpaqueSignature)
                return Insufficient("The signature carries its content, which AS2 does not use and the agreement does not allow.");
            if (layer.Kind == LayerKind.SignedData && layer.Digest is { } digest && !agreed.Digests.Contains(digest))
                return Insufficient($"The message is signed over {digest}, which the agreement does not allow.");
        }
        if (agreed.RequireSigned && !trace.IsSigned)
            return Unsigned(trace, "the agreement demands");
        return agreed.RequireEncrypted && !trace.IsEncrypted
            ? Insufficient("The message is not encrypted; the agreement demands encryption.")
            : null;
    }

    /// <summary>
    /// Inside an encryption without a tag, "not signed" would say of any forged ciphertext that its padding and its header came out
    /// well (RFC 3218, Vaudenay): it gets the one answer of every failure to decrypt.
    /// </summary>
    internal static LayerFault Unsigned(LayerTrace trace, string who) => trace.Layers is [{ Cipher.IsAuthenticated: false }, ..]
        ? new(Disposition.DecryptionFailed, "RFC 3218 §2.3", $"The message decrypts, but is not signed; {who} a signature. The partner is told decryption-failed: telling the two apart would help a forger.")
        : Insufficient($"The message is not signed; {who} a signature.");

    private static LayerFault Insufficient(string diagnosis)
        => new(Disposition.InsufficientMessageSecurity, "RFC 4130 §7.4.3", diagnosis);
}
