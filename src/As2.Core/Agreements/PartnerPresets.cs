using As2.Headers;
using As2.Layers;

namespace As2.Agreements;

/// <summary>The products of the field, each with its reason. Evidence is a vendor's page, its source, or its messages in our tests.</summary>
internal static class PartnerPresets
{
    private const long MiB = 1L << 20;

    public static readonly IReadOnlyList<PartnerPreset> All =
    [
        new("standard", "Any product that follows RFC 4130", "signed SHA-256, AES-256-CBC, signed receipt", p => p),
        new("openas2", "OpenAS2", "takes the MIC digest from the receipt options; hashes unsigned compressed content without its headers; sends a new Message-ID on resend",
            p => PartnerPreset.With(p, PartnerQuirk.MicByReceiptOptions, PartnerQuirk.CompressedMicWithoutHeaders)),
        new("mendelson", "mendelson AS2", "answers a repeated Message-ID with an error; unsigned single payloads come without MIME headers",
            p => PartnerPreset.With(p, PartnerQuirk.NewMessageIdOnResend, PartnerQuirk.RawDecryptedContent)),
        new("pyas2", "pyas2-lib, django-pyas2", "takes a warning for a failure; reads one digest only, which is what we send",
            p => PartnerPreset.With(p, PartnerQuirk.NoWarnings)),
        new("phase2", "phase2, as2-lib", "alters content without an explicit transfer encoding, so binary is always written; no EC keys",
            p => p with { Sending = p.Sending with { PayloadEncoding = ContentTransferEncoding.Binary, Signature = SignatureScheme.Default } }),
        new("sterling", "IBM Sterling B2B Integrator", "refuses CMSAlgorithmProtection, which we never write; compression is off with some installations",
            p => p with { Sending = p.Sending with { Compression = Compression.None } }),
        new("datapower", "IBM DataPower", "as Sterling; some installations refuse every signed attribute",
            p => p with { Sending = p.Sending with { Compression = Compression.None, SignedAttributes = false } }),
        new("biztalk", "Microsoft BizTalk Server", "SHA-1 and AES-128 are what every release has, older ones send 3DES; empty Receipt-Delivery-Option; 96 MB",
            p => PartnerPreset.AcceptLegacy(p) with
            {
                Sending = p.Sending with { Digest = DigestAlgorithm.Sha1, Cipher = ContentCipher.Aes128Cbc },
            }),
        new("azure", "Azure Logic Apps, Integration Account", "SHA-2; header fields on one line; SHA-1 only when its agreement says so",
            p => p with { Sending = p.Sending with { Digest = DigestAlgorithm.Sha256 } }),
        new("aws-transfer", "AWS Transfer Family", "encryption is required, 50 MiB at most, idle connections are cut after 350 s, compression unwanted",
            p => p with
            {
                Sending = p.Sending with { Encrypt = true, Compression = Compression.None },
                Receiving = p.Receiving with { MaxMessageBytes = 50 * MiB },
            }),
        new("boomi", "Boomi", "AS2 names without blanks; receipts may be signed with another certificate: give it the role VerifyReceipt",
            p => p with { Sending = p.Sending with { Compression = Compression.None } }),
        new("cleo", "Cleo Harmony, VLTrader, LexiCom", "writes sha_256 for SHA-256, which is read; announces 1.2 with features", p => p with { Version = As2Version.V1_2 }),
        new("sap", "SAP Integration Suite, Process Orchestration", "old digest names; occasional base64 bodies, which are read",
            p => PartnerPreset.With(p, PartnerQuirk.OldDigestNames)),
        new("seeburger", "SEEBURGER BIS", "old digest names", p => PartnerPreset.With(p, PartnerQuirk.OldDigestNames)),
        new("oracle", "Oracle B2B, Oracle Integration", "100 MB at most; old releases fold header fields, which are read where the host allows",
            p => p with { Receiving = p.Receiving with { MaxMessageBytes = 100 * MiB } }),
        new("webmethods", "Software AG webMethods EDIINT", "AS2 1.1 and 1.2, no 1.3", p => p with { Version = As2Version.V1_1 }),
        new("axway", "Axway B2Bi, Activator, Cyclone", "no parameter may be empty in Content-Type, which we never write; old releases label CMS as octet-stream",
            p => PartnerPreset.With(p, PartnerQuirk.UnlabelledCms)),
        new("opentext", "OpenText, GXS", "line ends may change on the way", p => PartnerPreset.With(p, PartnerQuirk.LineEndsChange)),
        new("cdata", "CData Arc, RSSBus, nsoftware", "LF content without transfer encoding; whole bodies in base64 or as octet-stream in old releases",
            p => PartnerPreset.With(p, PartnerQuirk.LineEndsChange, PartnerQuirk.UnlabelledCms)),
        new("peppol", "Peppol AS2 profile 2.0", "signed, not encrypted, not compressed; sha256 spelt so, and the receipt options required",
            p => PartnerPreset.With(p, PartnerQuirk.OldDigestNames, PartnerQuirk.RequiredReceiptOptions) with
            {
                Sending = p.Sending with { Encrypt = false, Compression = Compression.None, Digest = DigestAlgorithm.Sha256 },
                Receiving = p.Receiving with { RequireEncrypted = false },
                ContentType = "application/xml",
            }),
    ];
}
