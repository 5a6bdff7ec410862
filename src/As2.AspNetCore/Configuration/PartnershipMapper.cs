using As2.Agreements;
using As2.Layers;

namespace As2.AspNetCore.Configuration;

/// <summary>Maps one partnership of the configuration to the engine's value, collecting faults.</summary>
internal static class PartnershipMapper
{
    /// <summary>The partnership, or null when a fault was added.</summary>
    public static Partnership? Map(PartnershipSettings settings, string name, List<string> faults)
    {
        var before = faults.Count;
        var local = Identifier(settings.Local, name, "Local", faults);
        var partner = Identifier(settings.Partner, name, "Partner", faults);
        var endpoint = Address(settings.Endpoint, name, "Endpoint", faults);
        var receiptUrl = Address(settings.ReceiptUrl, name, "ReceiptUrl", faults);
        if (!DigestAlgorithm.TryParse(settings.Digest, out var digest))
            faults.Add($"{name}: Digest '{settings.Digest}' is not known; use one of {string.Join(", ", DigestAlgorithm.All)}.");
        if (ContentCipher.Find(settings.Cipher) is not { } cipher)
        {
            faults.Add($"{name}: Cipher '{settings.Cipher}' is not known; use one of {string.Join(", ", ContentCipher.All)}.");
            return null;
        }
        return faults.Count > before ? null : new Partnership
        {
            Local = local,
            Partner = partner,
            Endpoint = endpoint,
            Sending = new SecurityAgreement
            {
                Sign = settings.Sign, Encrypt = settings.Encrypt, Digest = digest!, Cipher = cipher, Compression = settings.Compression,
            },
            Receiving = Requirements(settings),
            Receipt = new ReceiptAgreement { Requirement = settings.Receipt, AsynchronousUrl = receiptUrl },
            Routes = settings.Routes,
            ContentType = settings.ContentType,
            Quirks = settings.Quirks.ToHashSet(),
        };
    }

    private static SecurityRequirements Requirements(PartnershipSettings settings)
    {
        var modern = new SecurityRequirements { RequireSigned = settings.RequireSigned, RequireEncrypted = settings.RequireEncrypted };
        return !settings.AcceptLegacyAlgorithms ? modern : modern with
        {
            Digests = modern.Digests.Append(DigestAlgorithm.Sha1).ToHashSet(),
            Ciphers = modern.Ciphers.Append(ContentCipher.TripleDesCbc).ToHashSet(),
        };
    }

    private static As2Identifier Identifier(string text, string name, string field, List<string> faults)
    {
        try
        {
            return new As2Identifier(text);
        }
        catch (ArgumentException e)
        {
            faults.Add($"{name}: {field}: {e.Message}");
            return default;
        }
    }

    private static Uri? Address(string? text, string name, string field, List<string> faults)
    {
        if (string.IsNullOrWhiteSpace(text))
            return null;
        if (Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https")
            return address;
        faults.Add($"{name}: {field} '{text}' is not an absolute http or https address.");
        return null;
    }
}
