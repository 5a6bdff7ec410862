using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using As2.Certificates;
using Entry = As2.AspNetCore.Configuration.Setting<As2.AspNetCore.Configuration.CertificateEntry>;

namespace As2.AspNetCore.Configuration;

/// <summary>One certificate as the file names it.</summary>
internal sealed record CertificateEntry
{
    public string? File { get; init; }

    public string? Key { get; init; }

    public string? Password { get; init; }

    public string? PasswordFile { get; init; }

    public IReadOnlySet<CertificateRole>? For { get; init; }

    public DateTimeOffset? From { get; init; }

    public DateTimeOffset? Until { get; init; }

    public string? TrustedSubject { get; init; }

    public X509RevocationMode Revocation { get; init; } = X509RevocationMode.NoCheck;
}

/// <summary>The settings of one certificate.</summary>
internal static class CertificateSettings
{
    private static readonly SettingKind<DateTimeOffset?> s_moment = new(
        "a date or a moment in UTC such as 2027-03-01 or 2027-03-01T06:00:00Z",
        t => DateTimeOffset.ParseExact(
            t.Single, ["yyyy-MM-dd", "yyyy-MM-ddTHH:mm:ssZ", "yyyy-MM-ddTHH:mmZ"], CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal),
        v => v?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture) ?? "that of the certificate");

    private static readonly SettingKind<X509RevocationMode> s_revocation = SettingWords.One(
        [("none", X509RevocationMode.NoCheck), ("offline", X509RevocationMode.Offline), ("online", X509RevocationMode.Online)]);

    private static readonly IReadOnlyList<(string, CertificateRole)> s_ours =
        [("sign", CertificateRole.Sign), ("decrypt", CertificateRole.Decrypt), ("sign-receipt", CertificateRole.SignReceipt), ("offer", CertificateRole.Offer), ("tls-client", CertificateRole.TlsClient)];

    private static readonly IReadOnlyList<(string, CertificateRole)> s_theirs =
        [("verify", CertificateRole.Verify), ("encrypt", CertificateRole.Encrypt), ("verify-receipt", CertificateRole.VerifyReceipt), ("tls-server", CertificateRole.TlsServer), ("tls-client", CertificateRole.TlsCaller)];

    /// <summary>Of our own certificates, with their keys.</summary>
    public static readonly IReadOnlyList<Entry> Ours =
    [
        File, For(s_ours, "`sign`, `decrypt` (and receipts are signed by what signs)"), From, Until,
        Text("Key", "the private key as a PEM file of its own", e => e.Key, (e, v) => e with { Key = v }),
        Text("Password", "of the PKCS#12 file or of the key", e => e.Password, (e, v) => e with { Password = v }),
        Text("PasswordFile", "a file that holds the password", e => e.PasswordFile, (e, v) => e with { PasswordFile = v }),
    ];

    /// <summary>Of a partner's certificates.</summary>
    public static readonly IReadOnlyList<Entry> Theirs =
    [
        File, For(s_theirs, "`verify`, `encrypt` (and receipts are verified by what verifies)"), From, Until,
        Text("TrustedSubject", "the file is an issuer: whatever it (or its intermediates) issued to exactly this subject counts", e => e.TrustedSubject, (e, v) => e with { TrustedSubject = v }),
        Entry.Of("Revocation", "", s_revocation, "with `TrustedSubject`: whether revocation is looked at", e => e.Revocation, (e, v) => e with { Revocation = v }),
    ];

    private static Entry File => Text("File", "PEM, DER, PKCS#7 or PKCS#12, recognised by content", e => e.File, (e, v) => e with { File = v });

    private static Entry From => Entry.Of("From", "", s_moment, "when we begin to use it", e => e.From, (e, v) => e with { From = v });

    private static Entry Until => Entry.Of("Until", "", s_moment, "when we end to use it", e => e.Until, (e, v) => e with { Until = v });

    private static Entry Text(string name, string meaning, Func<CertificateEntry, string?> get, Func<CertificateEntry, string?, CertificateEntry> set)
        => Entry.Of(name, "", SettingKinds.OptionalText, meaning, get, set);

    private static Entry For(IReadOnlyList<(string, CertificateRole)> words, string without)
    {
        var kind = SettingWords.Several(words);
        return new("For", "", kind.Accepts, $"what it is for; without it {without}", (e, t) => e with { For = kind.Read(t) }, e => e.For is { } roles ? kind.Show(roles) : without);
    }
}
