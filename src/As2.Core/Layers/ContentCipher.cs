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

    /// <summary>Triple DES in CBC mode: legacy agreements only.</summary>
    public static readonly ContentCipher TripleDesCbc = new("3des-cbc", "1.2.840.113549.3.7", 24, false);

    /// <summary>RC2 in CBC mode: decrypted by legacy agreement, never sent. The key length is the sender's choice.</summary>
    public static readonly ContentCipher Rc2Cbc = new("rc2-cbc", "1.2.840.113549.3.2", 0, false);

    /// <summary>Every cipher known here.</summary>
    public static readonly IReadOnlyList<ContentCipher> All =
        [Aes128Cbc, Aes192Cbc, Aes256Cbc, Aes128Gcm, Aes192Gcm, Aes256Gcm, TripleDesCbc, Rc2Cbc];

    /// <summary>What a default agreement accepts.</summary>
    public static readonly IReadOnlySet<ContentCipher> Modern =
        new HashSet<ContentCipher> { Aes128Cbc, Aes192Cbc, Aes256Cbc, Aes128Gcm, Aes192Gcm, Aes256Gcm };

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

    /// <summary>The cipher with this name or object identifier, or null.</summary>
    public static ContentCipher? Find(string? nameOrOid)
        => All.FirstOrDefault(c => c.Oid == nameOrOid || string.Equals(c.Name, nameOrOid, StringComparison.OrdinalIgnoreCase));

    /// <summary>Our name for it.</summary>
    public override string ToString() => Name;
}
