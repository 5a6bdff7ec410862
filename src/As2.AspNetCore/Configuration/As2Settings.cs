namespace As2.AspNetCore.Configuration;

/// <summary>
/// The configuration section of the engine: our stations and our partnerships.
/// <code>
/// "As2": {
///   "Stations": { "ACME": { "Certificate": "acme.p12" } },
///   "Partnerships": [ { "Local": "ACME", "Partner": "GLOBEX", "Endpoint": "https://as2.globex.example/as2", "Certificate": "globex.cer" } ]
/// }
/// </code>
/// </summary>
public sealed class As2Settings
{
    /// <summary>Our AS2 names with their keys.</summary>
    public Dictionary<string, StationSettings> Stations { get; set; } = [];

    /// <summary>Our partnerships.</summary>
    public List<PartnershipSettings> Partnerships { get; set; } = [];
}

/// <summary>One of our AS2 names.</summary>
public sealed class StationSettings
{
    /// <summary>A PKCS#12 file, or a PEM file with certificate and private key.</summary>
    public string Certificate { get; set; } = "";

    /// <summary>The private key as a PEM file of its own. Default: none, the key is in <see cref="Certificate"/>.</summary>
    public string? Key { get; set; }

    /// <summary>The password of the PKCS#12 file or of the PEM key. Default: none.</summary>
    public string? Password { get; set; }
}

/// <summary>One partnership.</summary>
public sealed class PartnershipSettings
{
    /// <summary>Our AS2 name: one of the stations.</summary>
    public string Local { get; set; } = "";

    /// <summary>The partner's AS2 name.</summary>
    public string Partner { get; set; } = "";

    /// <summary>Where the partner takes messages. Default: none, we only receive.</summary>
    public string? Endpoint { get; set; }

    /// <summary>The partner's certificates: PEM, DER or PKCS#7 files, the preferred first, separated by semicolons.</summary>
    public string Certificate { get; set; } = "";

    /// <summary>Sign what we send. Default: true.</summary>
    public bool Sign { get; set; } = true;

    /// <summary>Encrypt what we send. Default: true.</summary>
    public bool Encrypt { get; set; } = true;

    /// <summary>The digest of our signatures. Default: sha-256.</summary>
    public string Digest { get; set; } = "sha-256";

    /// <summary>The content cipher. Default: aes256-cbc.</summary>
    public string Cipher { get; set; } = "aes256-cbc";

    /// <summary>None, BeforeSigning or AfterSigning. Default: None.</summary>
    public Agreements.Compression Compression { get; set; }

    /// <summary>None, Unsigned or Signed. Default: Signed.</summary>
    public Agreements.ReceiptRequirement Receipt { get; set; } = Agreements.ReceiptRequirement.Signed;

    /// <summary>Where asynchronous receipts are to be posted. Default: none, receipts come with the answer.</summary>
    public string? ReceiptUrl { get; set; }

    /// <summary>Refuse messages without a signature. Default: true.</summary>
    public bool RequireSigned { get; set; } = true;

    /// <summary>Refuse messages without encryption. Default: true.</summary>
    public bool RequireEncrypted { get; set; } = true;

    /// <summary>Accept SHA-1 and 3DES as well, for products that know nothing better. Default: false.</summary>
    public bool AcceptLegacyAlgorithms { get; set; }

    /// <summary>The routes that take received payloads. Default: the application's handler where there is one.</summary>
    public List<string> Routes { get; set; } = [];

    /// <summary>Content type of what we send. Default: application/octet-stream.</summary>
    public string ContentType { get; set; } = "application/octet-stream";

    /// <summary>Named departures of the partner's product. Default: none.</summary>
    public List<Agreements.PartnerQuirk> Quirks { get; set; } = [];
}
