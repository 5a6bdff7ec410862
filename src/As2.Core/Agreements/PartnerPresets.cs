using As2.Headers;
using As2.Layers;

namespace As2.Agreements;

/// <summary>The products of the field, each with its reason. Evidence is a vendor's page, its source, or its messages in our tests.</summary>
internal static class PartnerPresets
{
    public static readonly IReadOnlyList<PartnerPreset> All =
    [
        new("standard", "Any product that follows RFC 4130", "signed SHA-256, AES-256-CBC, signed receipt", p => p),
        new("openas2", "OpenAS2", "takes the MIC digest from the receipt options; hashes unsigned compressed content without its headers; reads neither GCM nor OAEP",
            p => PartnerPreset.With(p, PartnerQuirk.MicByReceiptOptions, PartnerQuirk.CompressedMicWithoutHeaders)),
        new("mendelson", "mendelson AS2", "answers a repeated Message-ID with an error; unsigned single payloads come without MIME headers, and their MIC is SHA-1 always",
            p => PartnerPreset.With(p, PartnerQuirk.NewMessageIdOnResend, PartnerQuirk.RawDecryptedContent, PartnerQuirk.UnsignedMicSha1)),
        new("pyas2", "pyas2-lib, django-pyas2", "takes a warning for a failure; its receipts of unsigned messages carry no MIC; reads one digest only, which is what we send, and no nested multipart",
            p => PartnerPreset.With(p, PartnerQuirk.NoWarnings, PartnerQuirk.AcceptMissingMic)),
        new("phase2", "phase2, as2-lib", "alters content without an explicit transfer encoding, so binary is always written; no EC keys, no blanks in AS2 names; its release 6.0.0 hashes the wrong octets, 5.1.7 does not",
            p => p with { Sending = p.Sending with { PayloadEncoding = ContentTransferEncoding.Binary, Signature = SignatureScheme.Default } }),
        new("sterling", "IBM Sterling B2B Integrator", "refuses CMSAlgorithmProtection, which we never write; compression is off with some installations; where it refuses every signature, set `SignedAttributes` to false",
            p => p with { Sending = p.Sending with { Compression = Compression.None } }),
        new("datapower", "IBM DataPower", "as Sterling; some installations refuse every signed attribute",
            p => p with { Sending = p.Sending with { Compression = Compression.None, SignedAttributes = false } }),
        new("biztalk", "Microsoft BizTalk Server", "SHA-1 and AES-128 are what every release has, older ones send 3DES; empty Receipt-Delivery-Option, which is read; takes 96 MB",
            p => PartnerPreset.AcceptLegacy(p) with
            {
                Sending = p.Sending with { Digest = DigestAlgorithm.Sha1, Cipher = ContentCipher.Aes128Cbc },
            }),
        new("azure", "Azure Logic Apps, Integration Account", "SHA-2; header fields on one line; SHA-1 only when its agreement says so",
            p => p with { Sending = p.Sending with { Digest = DigestAlgorithm.Sha256 } }),
        new("aws-transfer", "AWS Transfer Family", "encryption is required over http; takes 1 GB, formerly 50 MB; idle connections are cut after 350 s; compression unwanted; warns of duplicates itself",
            p => p with { Sending = p.Sending with { Encrypt = true, Compression = Compression.None } }),
        new("boomi", "Boomi", "AS2 names without blanks; receipts may be signed with another certificate: give it the role VerifyReceipt",
            p => p with { Sending = p.Sending with { Compression = Compression.None } }),
        new("cleo", "Cleo Harmony, VLTrader, LexiCom", "writes sha_256 for SHA-256, which is read; encrypts with 3DES until it is told AES; announces 1.2 with features", p => p with { Version = As2Version.V1_2 }),
        new("sap", "SAP Integration Suite, Process Orchestration", "old digest names; occasional base64 bodies, which are read; give it the whole chain of your certificate",
            p => PartnerPreset.With(p, PartnerQuirk.OldDigestNames)),
        new("seeburger", "SEEBURGER BIS", "old digest names", p => PartnerPreset.With(p, PartnerQuirk.OldDigestNames)),
        new("oracle", "Oracle B2B, Oracle Integration", "takes 100 MB; old releases fold header fields, which are read where the host allows", p => p),
        new("webmethods", "Software AG webMethods EDIINT", "AS2 1.1 and 1.2, no 1.3; several payloads in one message by a fixed list of MIME types only", p => p with { Version = As2Version.V1_2 }),
        new("axway", "Axway B2Bi, Activator, Cyclone", "stumbles over a semicolon at the end of Content-Type, which we never write; old releases (Cyclone) label content as octet-stream",
            p => PartnerPreset.With(p, PartnerQuirk.UnlabelledCms)),
        new("opentext", "OpenText, GXS", "line ends may change on the way", p => PartnerPreset.With(p, PartnerQuirk.LineEndsChange)),
        new("cdata", "CData Arc, RSSBus, nsoftware", "LF content without transfer encoding; whole bodies in base64 or as octet-stream in old releases",
            p => PartnerPreset.With(p, PartnerQuirk.LineEndsChange, PartnerQuirk.UnlabelledCms)),
        new("libas2", "libas2 for Node.js", "reads RSAES-OAEP only, and base64 parts; no compression; its signed receipts do not verify, even for itself",
            p => p with
            {
                Sending = p.Sending with { KeyTransport = KeyTransport.RsaOaepSha256, PayloadEncoding = ContentTransferEncoding.Base64, Compression = Compression.None },
                Receipt = p.Receipt with { Requirement = ReceiptRequirement.Unsigned },
            }),
        new("peppol", "Peppol AS2 profile 2.0", "signed, not encrypted, not compressed; sha256 spelt so, and the receipt options required",
            p => PartnerPreset.With(p, PartnerQuirk.OldDigestNames, PartnerQuirk.RequiredReceiptOptions) with
            {
                Sending = p.Sending with { Encrypt = false, Compression = Compression.None, Digest = DigestAlgorithm.Sha256 },
                Receiving = p.Receiving with { RequireEncrypted = false },
                ContentType = "application/xml",
            }),
    ];
}
