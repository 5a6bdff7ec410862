using System.Security.Cryptography.X509Certificates;
using As2.Agreements;
using As2.Certificates;

namespace As2.CertificateExchange;

/// <summary>A part of a message that holds certificates.</summary>
/// <param name="ContentId">Its Content-ID, or null.</param>
/// <param name="Certificates">What it holds.</param>
internal sealed record CertificatePart(string? ContentId, IReadOnlyList<X509Certificate2> Certificates);

/// <summary>What becomes of the certificates of a partner's request before a person looks: rejected, accepted by agreement, or waiting.</summary>
internal sealed class OfferJudge(Partnership partnership, IReadOnlyList<As2Certificate> agreed, DateTimeOffset now)
{
    /// <summary>Judges one certificate.</summary>
    /// <param name="request">The request that it belongs to.</param>
    /// <param name="trust">What it says of the certificate.</param>
    /// <param name="parts">The parts of the message.</param>
    public ExchangedCertificate Judge(ExchangeRequest request, TrustRequest trust, IReadOnlyList<CertificatePart> parts)
    {
        var offered = new ExchangedCertificate
        {
            Issuer = trust.EndEntity.Certificate.Issuer, SerialNumber = trust.EndEntity.Certificate.SerialNumber, Usages = trust.Usages, RespondBy = trust.RespondBy,
        };
        if (request.Name != partnership.Partner.Value)
            return Reject(offered, $"The request names '{request.Name}', the message is from '{partnership.Partner}'.");
        if (trust.Usages.Count == 0)
            return Reject(offered, "The request does not say what the certificate is for.");
        var part = parts.FirstOrDefault(p => p.ContentId == trust.EndEntity.ContentId);
        if (part is null)
            return Reject(offered, $"No part of the message has the Content-ID '{trust.EndEntity.ContentId}'.");
        var certificate = part.Certificates.FirstOrDefault(trust.EndEntity.Certificate.PointsTo);
        return certificate is null
            ? Reject(offered, $"The part '{trust.EndEntity.ContentId}' does not hold the certificate {trust.EndEntity.Certificate}.")
            : Judge(offered, certificate, [.. parts.SelectMany(p => p.Certificates)]);
    }

    private ExchangedCertificate Judge(ExchangedCertificate offered, X509Certificate2 certificate, IReadOnlyList<X509Certificate2> beside)
    {
        using var read = new As2Certificate(X509CertificateLoader.LoadCertificate(certificate.RawData));
        offered = offered with { Der = read.Der, Thumbprint = read.Thumbprint };
        if (read.NotAfter < now)
            return Reject(offered, $"The certificate ended on {read.NotAfter:yyyy-MM-dd}.");
        if (read.RsaPublicKey is null && read.EcdsaPublicKey is null && read.EcdhPublicKey is null)
            return Reject(offered, "The certificate has neither an RSA nor an EC key.");
        return IsAutomatic(offered) && AutomaticTrust.Find(certificate, beside, agreed, now) is { } because
            ? offered.Decide(ExchangeStatus.Accepted, now, because)
            : offered;
    }

    /// <summary>An offer that came too late, and one for TLS alone, which the engine does not decide about, are a person's affair.</summary>
    private bool IsAutomatic(ExchangedCertificate offered)
        => partnership.Exchange.Acceptance == ExchangeAcceptance.Automatic && (offered.RespondBy is not { } by || by >= now)
            && offered.Usages.All(u => u is CertificateUsage.DigitalSignature or CertificateUsage.KeyEncipherment or CertificateUsage.KeyAgreement);

    private ExchangedCertificate Reject(ExchangedCertificate offered, string reason) => offered.Decide(ExchangeStatus.Rejected, now, reason);
}
