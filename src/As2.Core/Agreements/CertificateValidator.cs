using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using As2.Certificates;

namespace As2.Agreements;

/// <summary>The certificates of a partnership against what its agreement needs, on all six paths.</summary>
internal static class CertificateValidator
{
    private static readonly int[] s_warnDays = [7, 30, 60];

    public static IEnumerable<PartnershipFault> Validate(
        Partnership partnership, Func<CertificateRole, IReadOnlyList<As2Certificate>> certificates, DateTimeOffset now)
    {
        foreach (var role in Enum.GetValues<CertificateRole>())
        {
            var held = certificates(role);
            if (IsNeeded(partnership, role) && Coverage(role, held, now) is { } fault)
                yield return fault;
            foreach (var certificate in held.Where(c => c.IsInUse(now)))
            {
                foreach (var oddity in Oddities(role, certificate))
                    yield return oddity;
            }
        }
    }

    private static bool IsNeeded(Partnership p, CertificateRole role) => role switch
    {
        CertificateRole.Sign => p.Endpoint is not null && p.Sending.Sign,
        CertificateRole.Encrypt => p.Endpoint is not null && p.Sending.Encrypt,
        CertificateRole.Decrypt => p.Receiving.RequireEncrypted,
        CertificateRole.Verify => p.Receiving.RequireSigned,
        CertificateRole.VerifyReceipt => p.Endpoint is not null && p.Receipt.Requirement == ReceiptRequirement.Signed,
        _ => false,
    };

    private static PartnershipFault? Coverage(CertificateRole role, IReadOnlyList<As2Certificate> held, DateTimeOffset now)
    {
        var setting = $"Certificates.{role}";
        if (held.Count == 0)
            return new("AS2-CONFIG-141", setting, "The agreement needs a certificate for this role, and there is none. Add one.");
        // A certificate that ran out stops one partner; it is no reason for a whole gateway not to start.
        if (CertificateSelection.CoveredUntil(role, held, now) is not { } until)
            return new("AS2-CONFIG-142", setting, $"None of the {held.Count} certificates is in use now (or has its private key). Renew, or look at the windows.", IsWarning: true);
        var days = (until - now).TotalDays;
        var mark = s_warnDays.FirstOrDefault(d => days <= d);
        return mark == 0
            ? null
            : new("AS2-CONFIG-143", setting, string.Create(CultureInfo.InvariantCulture, $"Nothing follows the certificate that ends on {until:yyyy-MM-dd}, in {days:0} days. Agree on its successor."), IsWarning: true);
    }

    private static IEnumerable<PartnershipFault> Oddities(CertificateRole role, As2Certificate certificate)
    {
        var setting = $"Certificates.{role}";
        if (certificate.RsaPublicKey is { KeySize: < 2048 } weak)
            yield return new("AS2-CONFIG-144", setting, $"{certificate} has an RSA key of {weak.KeySize} bits; 2048 is the least. Ask for a new one.", IsWarning: true);
        var usage = certificate.Certificate.Extensions.OfType<X509KeyUsageExtension>().FirstOrDefault()?.KeyUsages;
        var wanted = role is CertificateRole.Encrypt or CertificateRole.Decrypt
            ? X509KeyUsageFlags.KeyEncipherment | X509KeyUsageFlags.KeyAgreement
            : X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.NonRepudiation;
        if (usage is { } allowed && certificate.TrustedSubject is null && role is not (CertificateRole.TlsServer or CertificateRole.TlsCaller) && (allowed & wanted) == 0)
            yield return new("AS2-CONFIG-145", setting, $"{certificate} says that its key is for {allowed}. Most products do not mind; some refuse.", IsWarning: true);
    }
}
