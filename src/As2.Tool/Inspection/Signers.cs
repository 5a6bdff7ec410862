using System.Security.Cryptography.X509Certificates;
using As2.Certificates;

namespace As2.Tool.Inspection;

/// <summary>Makes the report about a signer, and judges its certificate's validity.</summary>
internal static class Signers
{
    /// <summary>The report.</summary>
    /// <param name="partner">The partner's certificate that verified the signature, or null.</param>
    /// <param name="evidence">What the signature says about itself, or null.</param>
    /// <param name="moment">When the certificate must be valid.</param>
    public static SignerReport? Describe(As2Certificate? partner, SignatureEvidence? evidence, Moment moment)
    {
        if (partner is null && evidence is null)
            return null;
        var signingTime = evidence?.SigningTime is { } time ? Moment.Text(time) : null;
        if ((partner ?? evidence?.Carried)?.Certificate is not { } certificate)
            return new SignerReport { Issuer = evidence?.Issuer, Serial = evidence?.Serial, SigningTime = signingTime };
        return new SignerReport
        {
            Subject = certificate.Subject,
            Issuer = certificate.Issuer,
            Serial = certificate.SerialNumber.ToLowerInvariant(),
            Sha256 = (partner ?? evidence!.Carried!).Thumbprint,
            NotBefore = Moment.Text(certificate.NotBefore.ToUniversalTime()),
            NotAfter = Moment.Text(certificate.NotAfter.ToUniversalTime()),
            SignatureValid = true,
            IsPartner = partner is not null,
            CertificateValid = IsValid(certificate, moment.Value),
            SigningTime = signingTime,
        };
    }

    /// <summary>The fault of a genuine signature whose certificate was not valid, or null.</summary>
    public static FaultReport? Expired(As2Certificate? partner, Moment moment)
        => partner?.Certificate is not { } certificate || IsValid(certificate, moment.Value)
            ? null
            : new FaultReport("certificate", $"The signature is genuine, but the certificate of {certificate.Subject} was not valid at {moment}: "
                + $"it is valid from {Moment.Text(certificate.NotBefore.ToUniversalTime())} to {Moment.Text(certificate.NotAfter.ToUniversalTime())}.");

    /// <summary>What to add to the words about a signature that no partner's certificate verifies.</summary>
    public static string Hint(SignatureEvidence? evidence, int partners)
        => (evidence?.Carried is { } carried ? $" It is genuine under the certificate that came with it: {carried.Certificate.Subject}, sha256 {carried.Thumbprint}." : "")
            + (partners == 0 ? " Give the partner's certificate with --partner." : "");

    private static bool IsValid(X509Certificate2 certificate, DateTimeOffset moment)
        => certificate.NotBefore.ToUniversalTime() <= moment.UtcDateTime && moment.UtcDateTime <= certificate.NotAfter.ToUniversalTime();
}
