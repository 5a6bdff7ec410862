namespace As2.Layers;

/// <summary>A content-encryption algorithm of CMS.</summary>
public sealed record ContentCipher
{
    /// <summary>AES-128 in CBC mode.</summary>
    public static readonly ContentCipher Aes128Cbc = new("aes128-cbc", "2.16.840.1.101.3.4.1.2", 16, false);

    /// <summary>AES-192 in CBC mode.</summary>
    public static readonly ContentCipher Aes192Cbc = new("aes192-cbc", "2.16.840.1.101.3.4.1.22", 24, false);

    /// <summary>AES-256 in CBC mode, the default.</summary>
    public static readonly ContentCipher Aes256Cbc = new("aes256-cbc", "2.16.840.1.101.3.4.1.42", 32, false);

    /// <summary>AES-128 in GCM mode, as AuthEnvelopedData (RFC 5083, RFC 5084).</summary>
    public static readonly ContentCipher Aes128Gcm = new("aes128-gcm", "2.16.840.1.101.3.4.1.6", 16, true);

    /// <summary>AES-192 in GCM mode.</summary>
    public static readonly ContentCipher Aes192Gcm = new("aes192-gcm", "2.16.840.1.101.3.4.1.26", 24, true);

    /// <summary>AES-256 in GCM mode.</summary>
    public static readonly ContentCipher Aes256Gcm = new("aes256-gcm", "2.16.840.1.101.3.4.1.46", 32, true);

    /// <summary>AES-128 in CCM mode (RFC 5084): read only, and content of at most 4 MiB, since CCM needs the length before its first octet.</summary>
    public static readonly ContentCipher Aes128Ccm = new("aes128-ccm", "2.16.840.1.101.3.4.1.7", 16, true);

    /// <summary>AES-192 in CCM mode: as <see cref="Aes128Ccm"/>.</summary>
    public static readonly ContentCipher Aes192Ccm = new("aes192-ccm", "2.16.840.1.101.3.4.1.27", 24, true);

    /// <summary>AES-256 in CCM mode: as <see cref="Aes128Ccm"/>.</summary>
    public static readonly ContentCipher Aes256Ccm = new("aes256-ccm", "2.16.840.1.101.3.4.1.47", 32, true);

    /// <summary>Triple DES in CBC mode: legacy agreements only.</summary>
    public static readonly ContentCipher TripleDesCbc = new("3des-cbc", "1.2.840.113549.3.7", 24, false);

    /// <summary>RC2 in CBC mode: decrypted by legacy agreement, never sent. The key length is the sender's choice.</summary>
    public static readonly ContentCipher Rc2Cbc = new("rc2-cbc", "1.2.840.113549.3.2", 0, false);

    /// <summary>DES: read only, so that a refusal can name it.</summary>
    public static readonly ContentCipher DesCbc = new("des-cbc", "1.3.14.3.2.7", 8, false);

    /// <summary>CAST-128: read only.</summary>
    public static readonly ContentCipher Cast5Cbc = new("cast5-cbc", "1.2.840.113533.7.66.10", 16, false);

    /// <summary>IDEA: read only.</summary>
    public static readonly ContentCipher IdeaCbc = new("idea-cbc", "1.3.6.1.4.1.188.7.1.1.2", 16, false);

    /// <summary>SEED: read only.</summary>
    public static readonly ContentCipher SeedCbc = new("seed-cbc", "1.2.410.200004.1.4", 16, false);

    /// <summary>Camellia-128: read only.</summary>
    public static readonly ContentCipher Camellia128Cbc = new("camellia128-cbc", "1.2.392.200011.61.1.1.1.2", 16, false);

    /// <summary>Camellia-192: read only.</summary>
    public static readonly ContentCipher Camellia192Cbc = new("camellia192-cbc", "1.2.392.200011.61.1.1.1.3", 24, false);

    /// <summary>Camellia-256: read only.</summary>
    public static readonly ContentCipher Camellia256Cbc = new("camellia256-cbc", "1.2.392.200011.61.1.1.1.4", 32, false);

    /// <summary>RC4: read only. The key length is the sender's choice.</summary>
    public static readonly ContentCipher Rc4 = new("rc4", "1.2.840.113549.3.4", 0, false);

    /// <summary>Every cipher known here.</summary>
    public static readonly IReadOnlyList<ContentCipher> All =
    [
        Aes128Cbc, Aes192Cbc, Aes256Cbc, Aes128Gcm, Aes192Gcm, Aes256Gcm, Aes128Ccm, Aes192Ccm, Aes256Ccm, TripleDesCbc, Rc2Cbc,
        DesCbc, Cast5Cbc, IdeaCbc, SeedCbc, Camellia128Cbc, Camellia192Cbc, Camellia256Cbc, Rc4,
    ];

    /// <summary>What we can send.</summary>
    internal static readonly IReadOnlyList<ContentCipher> Sendable =
        [Aes128Cbc, Aes192Cbc, Aes256Cbc, Aes128Gcm, Aes192Gcm, Aes256Gcm, TripleDesCbc];

    /// <summary>What a default agreement accepts.</summary>
    public static readonly IReadOnlySet<ContentCipher> Modern =
        new HashSet<ContentCipher> { Aes128Cbc, Aes192Cbc, Aes256Cbc, Aes128Gcm, Aes192Gcm, Aes256Gcm, Aes128Ccm, Aes192Ccm, Aes256Ccm };

    private ContentCipher(string name, string oid, int keyLength, bool authenticated)
        => (Name, Oid, KeyLength, IsAuthenticated) = (name, oid, keyLength, authenticated);

    /// <summary>Our name for it, used in configuration and reports.</summary>
    public string Name { get; }

    /// <summary>The dotted object identifier.</summary>
    public string Oid { get; }

    /// <summary>Key length in bytes; 0 where the message says it.</summary>
    public int KeyLength { get; }

    /// <summary>True for ciphers with an integrity tag.</summary>
    public bool IsAuthenticated { get; }

    /// <summary>True for CCM, whose whole content must be there before it is opened.</summary>
    internal bool IsCcm => Name.EndsWith("-ccm", StringComparison.Ordinal);

    /// <summary>The cipher with this name or object identifier, or null.</summary>
    public static ContentCipher? Find(string? nameOrOid)
    {
        for (var i = 0; i < All.Count; i++)
        {
            if (All[i].Oid == nameOrOid || string.Equals(All[i].Name, nameOrOid, StringComparison.OrdinalIgnoreCase))
                return All[i];
        }
        return null;
    }

    /// <summary>Our name for it.</summary>
    public override string ToString() => Name;
}
