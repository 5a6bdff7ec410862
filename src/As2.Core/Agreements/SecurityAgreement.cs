using As2.Layers;

namespace As2.Agreements;

/// <summary>
/// What we apply to a message that we send (RFC 4130 §2.4.2). The defaults are secure: signed with SHA-256, encrypted with
/// AES-256-CBC, not compressed. Immutable.
/// </summary>
public sealed record SecurityAgreement
{
    /// <summary>Sign the message. Default: true.</summary>
    public bool Sign { get; init; } = true;

    /// <summary>The digest of the signature, and so of the MIC. Default: SHA-256.</summary>
    public DigestAlgorithm Digest { get; init; } = DigestAlgorithm.Sha256;

    /// <summary>How the signature is made. Default: RSA PKCS#1 v1.5 for an RSA key, ECDSA for an EC key.</summary>
    public SignatureScheme Signature { get; init; } = SignatureScheme.Default;

    /// <summary>Encrypt the message. Default: true.</summary>
    public bool Encrypt { get; init; } = true;

    /// <summary>The content cipher. Default: AES-256-CBC.</summary>
    public ContentCipher Cipher { get; init; } = ContentCipher.Aes256Cbc;

    /// <summary>How the content key travels. Default: RSAES-PKCS1-v1_5, which every product reads.</summary>
    public KeyTransport KeyTransport { get; init; } = KeyTransport.RsaPkcs1;

    /// <summary>Where compression stands (RFC 5402 §3). Default: none.</summary>
    public Compression Compression { get; init; } = Compression.None;

    /// <summary>How hard to compress, 0 (not at all) to 9 (slowest). Default: 6.</summary>
    public int CompressionLevel { get; init; } = 6;

    /// <summary>The transfer encoding of the inner payload part. Default: binary (RFC 4130 §5.2.1).</summary>
    public ContentTransferEncoding PayloadEncoding { get; init; } = ContentTransferEncoding.Binary;

    /// <summary>Carry signed attributes in the signature. Default: true; some gateways refuse them.</summary>
    public bool SignedAttributes { get; init; } = true;

    /// <summary>Which certificates the signature carries. Default: the signer's own.</summary>
    public EmbeddedCertificates EmbeddedCertificates { get; init; } = EmbeddedCertificates.Signer;

    /// <summary>How encrypted and compressed content is encoded. Default: DER.</summary>
    public CmsEncoding CmsEncoding { get; init; } = CmsEncoding.Der;
}

/// <summary>
/// What we demand of a message that we receive; checked against what was seen, never against what a header claims. Immutable.
/// </summary>
public sealed record SecurityRequirements
{
    /// <summary>Refuse a message that is not signed. Default: true.</summary>
    public bool RequireSigned { get; init; } = true;

    /// <summary>Refuse a message that is not encrypted. Default: true.</summary>
    public bool RequireEncrypted { get; init; } = true;

    /// <summary>Digests accepted in signatures. Default: SHA-224, SHA-256, SHA-384, SHA-512 and the SHA-3 family.</summary>
    public IReadOnlySet<DigestAlgorithm> Digests { get; init; } = DigestAlgorithm.Modern;

    /// <summary>Content ciphers accepted. Default: AES in CBC, GCM and CCM, every key size.</summary>
    public IReadOnlySet<ContentCipher> Ciphers { get; init; } = ContentCipher.Modern;

    /// <summary>Accept a signer whose pinned certificate has expired. Default: false.</summary>
    public bool AcceptExpiredSignerCertificate { get; init; }

    /// <summary>Accept signatures that carry their content (RFC 8551 §3.5.2), which AS2 does not use. Default: false.</summary>
    public bool AcceptOpaqueSignature { get; init; }

    /// <summary>
    /// What becomes of a message whose file names cannot be kept as they are, or that names two payloads alike (the file name profile
    /// FN-MDN). Default: taken, and saved under safe names.
    /// </summary>
    public FileNameReaction UnusualFileNames { get; init; } = FileNameReaction.Rename;

    /// <summary>The largest message in bytes, on the wire. Default: 10 GiB.</summary>
    public long MaxMessageBytes { get; init; } = 10L << 30;
}

/// <summary>What becomes of a message with file names that cannot be kept as they are.</summary>
public enum FileNameReaction
{
    /// <summary>It is taken, and saved under safe names.</summary>
    Rename,

    /// <summary>It is taken; the receipt says <c>processed/warning: illegal-filename</c> or <c>duplicate-filename</c>.</summary>
    Warn,

    /// <summary>It is refused with <c>processed/error: illegal-filename</c> or <c>duplicate-filename</c>.</summary>
    Refuse,
}

/// <summary>Where the one compressed-data layer stands (RFC 5402 §3).</summary>
public enum Compression
{
    /// <summary>Not compressed.</summary>
    None,

    /// <summary>The payload is compressed, then signed.</summary>
    BeforeSigning,

    /// <summary>The payload is signed, then compressed.</summary>
    AfterSigning,
}

/// <summary>How a signature is made.</summary>
public enum SignatureScheme
{
    /// <summary>RSA PKCS#1 v1.5 for an RSA key, ECDSA for an EC key.</summary>
    Default,

    /// <summary>RSASSA-PSS with MGF1 of the same digest and a salt of the digest's length.</summary>
    RsaPss,
}

/// <summary>How the content-encryption key reaches its recipient.</summary>
public enum KeyTransport
{
    /// <summary>RSAES-PKCS1-v1_5.</summary>
    RsaPkcs1,

    /// <summary>RSAES-OAEP with SHA-256 and MGF1 of SHA-256.</summary>
    RsaOaepSha256,

    /// <summary>RSAES-OAEP with SHA-1, the form oldest products know.</summary>
    RsaOaepSha1,

    /// <summary>RSAES-OAEP with SHA-384.</summary>
    RsaOaepSha384,

    /// <summary>RSAES-OAEP with SHA-512.</summary>
    RsaOaepSha512,
}

/// <summary>The transfer encoding of a part that we write.</summary>
public enum ContentTransferEncoding
{
    /// <summary>Octets as they are.</summary>
    Binary,

    /// <summary>Base64 in lines of 76 characters.</summary>
    Base64,
}

/// <summary>Which certificates a signature carries.</summary>
public enum EmbeddedCertificates
{
    /// <summary>None: the partner has ours already.</summary>
    None,

    /// <summary>The signer's certificate.</summary>
    Signer,

    /// <summary>The signer's certificate and its issuers.</summary>
    Chain,
}

/// <summary>How the structures around encrypted and compressed content are encoded (RFC 5652).</summary>
public enum CmsEncoding
{
    /// <summary>DER where the content fits 1 MiB; longer content is BER of indefinite length, since nobody knows its end at its start.</summary>
    Der,

    /// <summary>Always BER of indefinite length.</summary>
    Ber,
}
