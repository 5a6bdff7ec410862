namespace As2.Layers;

/// <summary>Object identifiers of CMS structures.</summary>
internal static class CmsOids
{
    public const string Data = "1.2.840.113549.1.7.1";
    public const string SignedData = "1.2.840.113549.1.7.2";
    public const string EnvelopedData = "1.2.840.113549.1.7.3";
    public const string AuthEnvelopedData = "1.2.840.113549.1.9.16.1.23";
    public const string CompressedData = "1.2.840.113549.1.9.16.1.9";
    public const string Zlib = "1.2.840.113549.1.9.16.3.8";

    public const string RsaEncryption = "1.2.840.113549.1.1.1";
    public const string RsaesOaep = "1.2.840.113549.1.1.7";
    public const string Mgf1 = "1.2.840.113549.1.1.8";
    public const string PSpecified = "1.2.840.113549.1.1.9";
    public const string EcPublicKey = "1.2.840.10045.2.1";
}
