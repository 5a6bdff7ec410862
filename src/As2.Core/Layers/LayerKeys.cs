namespace As2.Layers;

/// <summary>Finds out before anything is written whether an agreement has the keys it needs.</summary>
internal static class LayerKeys
{
    /// <exception cref="As2Exception">AS2-CERT-011 to AS2-CERT-014.</exception>
    public static void Check(LayerWriterOptions options)
    {
        var security = options.Security;
        if (security.Sign && options.Signer is null)
            throw new As2Exception("AS2-CERT-011", "The agreement signs, and no signing certificate is in use. Add one with its private key for the role Sign.");
        if (!security.Encrypt)
            return;
        if (options.Recipients.Count == 0)
            throw new As2Exception("AS2-CERT-012", "The agreement encrypts, and no certificate of the partner is in use. Add one for the role Encrypt.");
        for (var i = 0; i < options.Recipients.Count; i++)
        {
            if (options.Recipients[i] is { RsaPublicKey: null, EcdhPublicKey: null } recipient)
                throw new As2Exception("AS2-CERT-013", $"{recipient} has neither an RSA nor an EC key, so nothing can be encrypted to it. Ask the partner for another.");
        }
        if (!ContentCipher.Sendable.Contains(security.Cipher))
            throw new As2Exception("AS2-CERT-014", $"The cipher {security.Cipher} is only read, never sent. Choose one of {string.Join(", ", ContentCipher.Sendable)}.");
    }
}
