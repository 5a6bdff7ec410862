using As2.Testing;

namespace As2.Tool.Tests.Inspection;

/// <summary>Where the manifest and the tool disagree, and who is right.</summary>
internal static class KnownDifferences
{
    private const string SignatureDigest = "RFC 4130 §7.4.3: the MIC of a signed message is in the digest of its signature; the manifest holds the one of signed-receipt-micalg, which is an alternate";
    private const string Canonicalised = "the sender turned LF into CRLF before sending; the manifest holds the hash of the file, not of what was sent";
    private const string ExpiredReceipt = "the receipt is genuine, but signed with a certificate that expired in 2021";

    private static readonly Dictionary<string, string> s_reasons = new()
    {
        ["messages/openas2/cte-base64-plain.req.http"] = "RFC 4130 §7.3.1: the MIC of a plain message covers the content as it came; the manifest holds OpenAS2's own, over the content with CRLF for every CR and LF, which it did not send; an alternate, and the receivers agree with us",
        ["messages/openssl/se-sha1-des-ede3-cbc.req.http"] = SignatureDigest,
        ["messages/openssl/se-sha512-aes-256-cbc.req.http"] = SignatureDigest,
        ["messages/libas2/signed-text-lf_txt.req.http"] = Canonicalised,
        ["messages/libas2/signed-text-mixed_txt.req.http"] = Canonicalised,
        ["mdns/openas2/openas2--fname-utf8.resp.http"] = "the Message-ID is UTF-8 on the wire; the manifest reads it as Latin-1",
        ["mdns/phase2/openas2--fname-utf8.resp.http"] = "the Message-ID is UTF-8 on the wire; the manifest reads it as Latin-1",
        ["mdns/openas2/openas2--key-expired-recipient.resp.http"] = ExpiredReceipt,
        ["mdns/pyas2/pyas2--key-expired-recipient.resp.http"] = ExpiredReceipt,
        ["mdns-special/unknown-original.resp.http"] = "a file alone does not say which messages were sent; a gateway rejects it, the tool shows the Original-Message-ID",
        ["mdns-special/no-original-id.resp.http"] = "a response answers the request of its connection; the manifest allows that",
    };

    /// <summary>Why, or null where they must agree.</summary>
    public static string? Reason(CorpusEntry entry) => s_reasons.GetValueOrDefault(entry.File);
}
