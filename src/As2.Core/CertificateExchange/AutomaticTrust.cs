using System.Security.Cryptography.X509Certificates;
using As2.Certificates;

namespace As2.CertificateExchange;

/// <summary>
/// What speaks for an offered certificate without a person: it carries a key that is in use already, so whoever holds the new one holds
/// the old one; or an agreed issuer vouches for it and its subject. A signature by the old key alone does not: the key may be stolen.
/// </summary>
internal static class AutomaticTrust
{
    private const int LeastRsaBits = 2048;

    /// <summary>In plain words, or null: a person must decide.</summary>
    /// <param name="offered">The certificate.</param>
    /// <param name="beside">What else came with it.</param>
    /// <param name="agreed">The partner's certificates and issuers that are agreed on.</param>
    /// <param name="now">The moment.</param>
    public static string? Find(X509Certificate2 offered, IReadOnlyList<X509Certificate2> beside, IReadOnlyList<As2Certificate> agreed, DateTimeOffset now)
    {
        if (offered.GetRSAPublicKey() is { KeySize: < LeastRsaBits })
            return null;
        var key = offered.PublicKey.ExportSubjectPublicKeyInfo();
        if (agreed.FirstOrDefault(a => a.TrustedSubject is null && a.IsInUse(now) && a.Certificate.PublicKey.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(key)) is { } same)
            return $"it carries the key of {same}";
        var inMessage = beside.Prepend(offered).Select(c => (ReadOnlyMemory<byte>)c.RawData).ToList();
        return CertificateChain.Vouched(agreed, inMessage, now).Any(v => v.Certificate.RawDataMemory.Span.SequenceEqual(offered.RawDataMemory.Span))
            ? "an agreed issuer vouches for it"
            : null;
    }
}
