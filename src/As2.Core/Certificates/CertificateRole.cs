namespace As2.Certificates;

/// <summary>The six paths on which a certificate serves, each with its own set of overlapping windows; what waits for them; and both ends of TLS.</summary>
public enum CertificateRole
{
    /// <summary>Our key that signs messages.</summary>
    Sign,

    /// <summary>Our keys that open messages; retired ones stay.</summary>
    Decrypt,

    /// <summary>The partner's certificates that may have signed a message.</summary>
    Verify,

    /// <summary>The partner's certificate that we encrypt to.</summary>
    Encrypt,

    /// <summary>Our key that signs receipts.</summary>
    SignReceipt,

    /// <summary>The partner's certificates that may have signed a receipt.</summary>
    VerifyReceipt,

    /// <summary>
    /// Our certificates, with their keys, that the partner is still to accept: they serve on no path before they are offered by
    /// certificate exchange.
    /// </summary>
    Offer,

    /// <summary>Our TLS certificate with its key, which we show to the partner's server.</summary>
    TlsClient,

    /// <summary>The TLS certificates of the partner's server, or their issuers; where there are any, nothing else is trusted.</summary>
    TlsServer,

    /// <summary>
    /// The TLS certificates that the partner shows when it calls us, or with <see cref="As2Certificate.TrustedSubject"/> their issuers;
    /// where there are any, nobody else may call under its name.
    /// </summary>
    TlsCaller,
}
