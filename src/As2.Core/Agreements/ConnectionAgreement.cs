namespace As2.Agreements;

/// <summary>
/// How we reach a partner's server. Which TLS certificates count there, and which one we show, is said by the certificate roles
/// <see cref="Certificates.CertificateRole.TlsServer"/> and <see cref="Certificates.CertificateRole.TlsClient"/>. Immutable.
/// </summary>
public sealed record ConnectionAgreement
{
    /// <summary>The user of HTTP Basic credentials, sent with the first request already. Default: none.</summary>
    public string? User { get; init; }

    /// <summary>The password of <see cref="User"/>. Default: none.</summary>
    public string? Password { get; init; }

    /// <summary>A bearer token, in place of user and password. Default: none.</summary>
    public string? Token { get; init; }

    /// <summary>An HTTP proxy, <c>http://host:port</c>, with user and password in it where it wants them. Default: none; the environment is never asked.</summary>
    public Uri? Proxy { get; init; }

    /// <summary>
    /// The partner's host name may lead to an address of a private network. Default: false; names that lead into our own network, by
    /// mistake or by intent, are refused when the connection is made. An address written as such, and <c>localhost</c>, are always taken.
    /// </summary>
    public bool AllowPrivateAddresses { get; init; }

    /// <summary>How long connecting may take, name look-up and TLS included. Default: 30 seconds.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long the server may take nothing of a body before the post is given up. However large the message is, it has the time it
    /// needs as long as it moves. Default: 2 minutes.
    /// </summary>
    public TimeSpan SendIdleTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// Where messages are traced, tell the partner's server which trace they belong to (W3C Trace Context: one header field of random
    /// digits). Default: true; without a listener to our spans nothing is told.
    /// </summary>
    public bool SendTraceContext { get; init; } = true;

    /// <summary>True when there are credentials.</summary>
    internal bool HasCredentials => User is not null || Token is not null;

    /// <summary>What may be shown: no secrets.</summary>
    public override string ToString() => $"{(Token is not null ? "bearer token" : User is not null ? "user and password" : "no credentials")}, proxy {Proxy?.Host ?? "none"}";
}
