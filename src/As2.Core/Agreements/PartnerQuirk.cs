namespace As2.Agreements;

/// <summary>A named departure from the rules that a partner's product needs; each says which product and why.</summary>
public enum PartnerQuirk
{
    /// <summary>The partner hashes unsigned compressed content without its headers (OpenAS2; RFC 5402 §4.3 says with).</summary>
    CompressedMicWithoutHeaders,

    /// <summary>Digest names are spelt without a hyphen, <c>sha256</c> (Seeburger).</summary>
    OldDigestNames,

    /// <summary>Decrypted content without MIME headers is taken as the payload (mendelson, unsigned single payloads).</summary>
    RawDecryptedContent,

    /// <summary>A message is sent again under a new Message-ID, since the partner refuses the old one (mendelson).</summary>
    NewMessageIdOnResend,

    /// <summary>The body is sent chunked.</summary>
    SendChunked,
}
