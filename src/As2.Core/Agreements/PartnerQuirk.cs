namespace As2.Agreements;

/// <summary>A named departure from the rules that a partner's product needs; each says which product and why.</summary>
public enum PartnerQuirk
{
    /// <summary>The partner hashes unsigned compressed content without its headers (OpenAS2; RFC 5402 §4.3 says with).</summary>
    CompressedMicWithoutHeaders,

    /// <summary>Digest names are spelt without a hyphen, <c>sha256</c> (Seeburger, SAP).</summary>
    OldDigestNames,

    /// <summary>Decrypted content without MIME headers is taken as the payload (mendelson, unsigned single payloads).</summary>
    RawDecryptedContent,

    /// <summary>A message is sent again under a new Message-ID, since the partner refuses the old one (mendelson).</summary>
    NewMessageIdOnResend,

    /// <summary>The body is sent chunked (the optional chunked profile of Drummond-certified products).</summary>
    SendChunked,

    /// <summary>SHA-1 is spelt with a hyphen, <c>sha-1</c> (products that follow RFC 8551 to the letter).</summary>
    Sha1WithHyphen,

    /// <summary>The MIC of a signed message uses the first digest asked for, not that of the signature (OpenAS2, rfc4130bis §8.3).</summary>
    MicByReceiptOptions,

    /// <summary>The MIC of an unsigned message for which no digest was asked uses SHA-256, not SHA-1 (rfc4130bis).</summary>
    UnsignedMicSha256,

    /// <summary>A receipt whose MIC is not ours still confirms, with a remark (products that alter content on its way).</summary>
    AcceptMicMismatch,

    /// <summary>A positive signed receipt without a MIC still confirms, with a remark (old pyas2-lib, old phase2).</summary>
    AcceptMissingMic,

    /// <summary>The signed receipt is asked for with <c>required</c> in place of <c>optional</c> (Peppol AS2 profile).</summary>
    RequiredReceiptOptions,

    /// <summary>Every receipt is signed, also where the partner asks for an unsigned one.</summary>
    SignEveryReceipt,

    /// <summary>A warning is written as plain <c>processed</c>, since the partner takes warnings for failures (pyas2-lib).</summary>
    NoWarnings,

    /// <summary>An asynchronous request is answered with 204 in place of 200 (rfc4130bis prefers it).</summary>
    AnswerNoContent,

    /// <summary>An asynchronous request is answered with 202 in place of 200 (peers that take a 200 for the end of all processing; Drummond 3Q11#14).</summary>
    AnswerAccepted,

    /// <summary>
    /// A message that comes again is answered on its connection with <c>processed/warning: duplicate-document</c>, not with the receipt of
    /// its first copy (AWS Transfer Family and pyas2-lib do so themselves).
    /// </summary>
    WarnOfDuplicates,

    /// <summary>A message that comes again is answered on its connection with an error (mendelson does so itself).</summary>
    RefuseDuplicates,

    /// <summary>A bad Message-ID is refused as <c>invalid-message-id</c>, rfc4130bis's word, not as an unexpected processing error.</summary>
    DraftModifiers,

    /// <summary>
    /// A signature that fails over the octets as they came is tried again with every line break as CRLF (OpenText, gateways that
    /// change line ends).
    /// </summary>
    LineEndsChange,

    /// <summary>Text payloads are sent with CRLF line ends (products that canonicalise text before they verify: Camel, old JavaMail).</summary>
    CanonicalText,

    /// <summary>Content labelled application/octet-stream that is a CMS structure is unwrapped (Cyclone, RSSBus).</summary>
    UnlabelledCms,

    /// <summary>The HTTP header Content-Transfer-Encoding is left out (servers that take it for an encoding of the transfer).</summary>
    NoTransferEncodingHeader,

    /// <summary>The file name is written without quotes (OpenAS2 peers that keep the quotes in the name).</summary>
    UnquotedFileName,

    /// <summary>A file name beyond ASCII is written as RFC 2231 says; by default its other characters are replaced.</summary>
    Rfc2231FileName,

    /// <summary>A file name beyond ASCII is written as raw UTF-8 (libas2, browsers).</summary>
    Utf8FileName,

    /// <summary><c>Expect: 100-continue</c> is sent (Azure Logic Apps behind a gateway that checks headers first).</summary>
    ExpectContinue,

    /// <summary>One redirect by 307 or 308 is followed, to the same host only (hosted services that move their tenants).</summary>
    FollowRedirect,

    /// <summary>The MIC of an unsigned message uses SHA-1, whatever digest was asked for (mendelson).</summary>
    UnsignedMicSha1,
}
