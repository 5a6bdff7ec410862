using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace As2.Certificates;

/// <summary>
/// Chain trust, by explicit agreement only: an agreed issuer that names a subject (<see cref="As2Certificate.TrustedSubject"/>) lets
/// certificates of a message count when they carry exactly that subject and lead to it. The system's own roots play no part, and
/// nothing is fetched from a network unless the agreement says <see cref="X509RevocationMode.Online"/>.
/// </summary>
internal static class CertificateChain
{
    /// <summary>Who may have signed: the agreed certificates, and in place of agreed issuers those of the message that they vouch for at a moment.</summary>
    public static IReadOnlyList<As2Certificate> Candidates(
        IReadOnlyList<As2Certificate> agreed, IReadOnlyList<ReadOnlyMemory<byte>> inMessage, DateTimeOffset now)
    {
        for (var i = 0; i < agreed.Count; i++)
        {
            if (agreed[i].TrustedSubject is not null)
                return [.. agreed.Where(c => c.TrustedSubject is null), .. Vouched(agreed, inMessage, now)];
        }
        return agreed;
    }

    /// <summary>The certificates of a message that the agreed issuers vouch for at a moment.</summary>
    public static IEnumerable<As2Certificate> Vouched(
        IReadOnlyList<As2Certificate> agreed, IReadOnlyList<ReadOnlyMemory<byte>> inMessage, DateTimeOffset now)
    {
        var loaded = inMessage.Select(TryLoad).OfType<X509Certificate2>().ToList();
        foreach (var issuer in agreed.Where(a => a.TrustedSubject is not null && a.IsInUse(now)))
        {
            foreach (var leaf in loaded.Where(c => IsNamed(c, issuer.TrustedSubject!) && LeadsTo(issuer, c, loaded, now)))
                yield return new As2Certificate(leaf);
        }
    }

    private static bool IsNamed(X509Certificate2 certificate, string subject)
        => certificate.SubjectName.RawData.AsSpan().SequenceEqual(new X500DistinguishedName(subject).RawData)
            || string.Equals(certificate.Subject, subject, StringComparison.Ordinal);

    private static bool LeadsTo(As2Certificate issuer, X509Certificate2 leaf, List<X509Certificate2> others, DateTimeOffset now)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(issuer.Certificate);
        chain.ChainPolicy.ExtraStore.AddRange(others.Concat(issuer.Issuers).ToArray());
        chain.ChainPolicy.RevocationMode = issuer.Revocation;
        chain.ChainPolicy.RevocationFlag = X509RevocationFlag.ExcludeRoot;
        chain.ChainPolicy.DisableCertificateDownloads = issuer.Revocation != X509RevocationMode.Online;
        chain.ChainPolicy.VerificationTime = now.UtcDateTime;
        return chain.Build(leaf) && chain.ChainElements.Count > 1;
    }

    private static X509Certificate2? TryLoad(ReadOnlyMemory<byte> der)
    {
        try
        {
            return X509CertificateLoader.LoadCertificate(der.Span);
        }
        catch (CryptographicException)
        {
            // Not an X.509 certificate (or one too odd to read): it vouches for nobody.
            return null;
        }
    }
}
