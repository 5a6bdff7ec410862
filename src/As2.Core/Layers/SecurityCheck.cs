using As2.Agreements;
using As2.Receipts;

namespace As2.Layers;

/// <summary>Step 5 of the receive walk: what was found, against what was agreed.</summary>
internal static class SecurityCheck
{
    /// <summary>The fault, or null when the message keeps the agreement.</summary>
    public static LayerFault? Compare(LayerTrace trace, SecurityRequirements agreed)
    {
        foreach (var layer in trace.Layers)
        {
            if (layer.IsOpaque && !agreed.AcceptOpaqueSignature)
                return Insufficient("The signature carries its content, which AS2 does not use and the agreement does not allow.");
            if (layer.Cipher is { } cipher && !agreed.Ciphers.Contains(cipher))
                return Insufficient($"The message is encrypted with {cipher}, which the agreement does not allow.");
            if (layer.Kind == LayerKind.SignedData && layer.Digest is { } digest && !agreed.Digests.Contains(digest))
                return Insufficient($"The message is signed over {digest}, which the agreement does not allow.");
        }
        if (agreed.RequireSigned && !trace.IsSigned)
            return Insufficient("The message is not signed; the agreement demands a signature.");
        return agreed.RequireEncrypted && !trace.IsEncrypted
            ? Insufficient("The message is not encrypted; the agreement demands encryption.")
            : null;
    }

    private static LayerFault Insufficient(string diagnosis)
        => new(Disposition.InsufficientMessageSecurity, "RFC 4130 §7.4.3", diagnosis);
}
