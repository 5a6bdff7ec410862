using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Text;
using As2.Certificates;
using Microsoft.Extensions.Configuration;

namespace As2.AspNetCore.Configuration;

/// <summary>
/// Loads the certificates that a file names: <c>Certificates</c> is a list of blocks or of file names, <c>Certificate</c> (with
/// <c>Key</c> and <c>Password</c> beside it) is the short form. The same file with the same window is one certificate in memory.
/// </summary>
internal sealed class CertificateLoader(PartnershipSource source, SettingFaults faults)
{
    private readonly Dictionary<CertificateEntry, As2Certificate?> _loaded = [];

    /// <summary>Every file that was looked at.</summary>
    public HashSet<string> Files { get; } = new(StringComparer.Ordinal);

    /// <summary>The certificates of a block, each with its roles, in the order of the file.</summary>
    /// <param name="owner">The station or the partnership.</param>
    /// <param name="name"><c>Certificate</c>, or <c>OurCertificate</c>.</param>
    /// <param name="table">The settings of one certificate.</param>
    public List<(As2Certificate Certificate, CertificateEntry Entry)> Load(IConfigurationSection owner, string name, IReadOnlyList<Setting<CertificateEntry>> table)
    {
        var entries = new List<(CertificateEntry Entry, IConfigurationSection Section)>();
        foreach (var file in new SettingText(owner.GetSection(name)).List)
            entries.Add((new CertificateEntry { File = file, Key = owner["Key"], Password = owner["Password"], PasswordFile = owner["PasswordFile"] }, owner.GetSection(name)));
        foreach (var child in owner.GetSection(name + "s").GetChildren())
            entries.Add((child.Value is { } file ? new CertificateEntry { File = file } : SectionReader.Read(child, new CertificateEntry(), table, [], faults), child));
        return [.. entries.Select(e => (Load(e.Entry, e.Section), e.Entry)).Where(e => e.Item1 is not null).Select(e => (e.Item1!, e.Entry))];
    }

    private As2Certificate? Load(CertificateEntry entry, IConfigurationSection section)
    {
        if (entry.File is null)
        {
            faults.Add("AS2-CONFIG-005", section, "There is no File. Name a certificate file.");
            return null;
        }
        if (!_loaded.TryGetValue(entry, out var certificate))
            _loaded[entry] = certificate = Open(entry, section);
        return certificate;
    }

    private As2Certificate? Open(CertificateEntry entry, IConfigurationSection section)
    {
        var file = entry.PasswordFile;
        try
        {
            var password = file is null ? entry.Password : Encoding.UTF8.GetString(Read(file)).TrimEnd('\r', '\n');
            var content = Read(file = entry.File!);
            var loaded = entry.Key is null ? CertificateFile.Parse(content, password) : CertificateFile.ParseWithKey(content, Read(file = entry.Key), password);
            return new As2Certificate(loaded.Certificate, entry.From, entry.Until)
            {
                Issuers = loaded.Issuers, TrustedSubject = entry.TrustedSubject, Revocation = entry.Revocation,
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException or FormatException or AsnContentException)
        {
            var what = file == entry.PasswordFile ? "The password could not be read" : "No certificate could be read";
            faults.Add("AS2-CERT-003", section, $"{what} from '{file}': {e.Message} Check the file and its password.");
            return null;
        }
    }

    private byte[] Read(string file)
    {
        var path = Path.Combine(source.Folder, file);
        Files.Add(path);
        return source.ReadFile(path);
    }
}
