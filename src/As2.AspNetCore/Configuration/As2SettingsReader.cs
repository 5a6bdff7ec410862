using As2.Agreements;
using As2.Certificates;
using Microsoft.Extensions.Configuration;

namespace As2.AspNetCore.Configuration;

/// <summary>What a reading of the settings gave.</summary>
/// <param name="Book">The partnerships with their certificates.</param>
/// <param name="Warnings">What works, but somebody should look.</param>
/// <param name="Files">The certificate files that were read.</param>
/// <param name="ConfigureEngine">Puts the engine's settings into its options.</param>
/// <param name="ConfigureEndpoint">Puts the endpoint's settings into its options.</param>
internal sealed record As2SettingsRead(
    PartnershipBook Book, IReadOnlyList<PartnershipFault> Warnings, IReadOnlyCollection<string> Files, Action<As2Options> ConfigureEngine,
    Action<As2EndpointOptions> ConfigureEndpoint);

/// <summary>
/// Turns a configuration section into partnerships, certificates and engine options. Every fault in it is collected and reported at
/// once, with its path; the engine's own validators have their say too.
/// </summary>
internal sealed class As2SettingsReader(IConfigurationSection root, PartnershipSource source, DateTimeOffset now)
{
    private static readonly string[] s_blocks = ["Engine", "Http", "Stations", "Partnerships"];
    private static readonly string[] s_partnershipOthers = ["Preset", "Certificate", "Certificates", "OurCertificates"];
    private static readonly string[] s_stationOthers = ["Certificate", "Certificates", "Key", "Password", "PasswordFile"];

    private readonly SettingFaults _faults = new();
    private readonly List<Partnership> _partnerships = [];
    private readonly PartnershipBook _book = new();

    /// <summary>Reads it.</summary>
    /// <exception cref="As2Exception">AS2-CONFIG-001: the faults, a line each.</exception>
    public As2SettingsRead Read()
    {
        var read = Collect();
        _faults.ThrowIfAny();
        return read;
    }

    /// <summary>Reads it for its faults alone.</summary>
    public IReadOnlyList<PartnershipFault> Check()
    {
        Collect();
        return [.. _faults.Errors, .. _faults.Warnings];
    }

    private As2SettingsRead Collect()
    {
        SectionReader.CheckNames(root, s_blocks, _faults);
        var engine = root.GetSection("Engine");
        var options = SectionReader.Read(engine, new As2Options(), EngineSettings.All, [], _faults);
        var http = root.GetSection("Http");
        SectionReader.Read(http, new As2EndpointOptions(), EndpointSettings.All, [], _faults);
        var loader = new CertificateLoader(source, _faults);
        var stations = root.GetSection("Stations").GetChildren().ToDictionary(s => s.Key, s => ReadStation(s, loader), StringComparer.Ordinal);
        var start = ReferenceEquals(options.Retry, Transmission.RetrySchedule.Default) ? null : options.Retry;
        foreach (var partnership in root.GetSection("Partnerships").GetChildren())
            Add(partnership, stations, loader, start);
        AddDoubled();
        return new As2SettingsRead(
            _book, [.. _faults.Warnings], loader.Files,
            o => SectionReader.Read(engine, o, EngineSettings.All, [], new SettingFaults()),
            o => SectionReader.Read(http, o, EndpointSettings.All, [], new SettingFaults()));
    }

    private List<(As2Certificate Certificate, CertificateEntry Entry)> ReadStation(IConfigurationSection station, CertificateLoader loader)
    {
        SectionReader.CheckNames(station, s_stationOthers, _faults);
        return loader.Load(station, "Certificate", CertificateSettings.Ours);
    }

    private void Add(
        IConfigurationSection section, Dictionary<string, List<(As2Certificate Certificate, CertificateEntry Entry)>> stations, CertificateLoader loader,
        Transmission.RetrySchedule? retry)
    {
        var errors = _faults.Errors.Count();
        var partnership = new Partnership { Local = default, Partner = default, Retry = retry };
        if (section["Preset"] is { } word)
            partnership = FindPreset(section.GetSection("Preset"), word)?.Apply(partnership) ?? partnership;
        partnership = SectionReader.Read(section, partnership, PartnershipSettings.All, s_partnershipOthers, _faults);

        var ours = loader.Load(section, "OurCertificate", CertificateSettings.Ours);
        if (ours.Count == 0 && !stations.TryGetValue(partnership.Local.Value, out ours!))
        {
            _faults.Add("AS2-CONFIG-006", section, $"There is no station '{partnership.Local}'. Add it under Stations, or give OurCertificates.");
            ours = [];
        }
        var certificates = Sort(ours, loader.Load(section, "Certificate", CertificateSettings.Theirs));
        if (_faults.Errors.Count() > errors)
            return;
        foreach (var fault in PartnershipValidator.Validate(partnership, certificates.For, now))
            _faults.Add(fault with { Setting = PathOf(section, fault.Setting), Text = $"{fault.Text} [{partnership}]" });
        _partnerships.Add(partnership);
        _book.Add(partnership, certificates);
    }

    private PartnerPreset? FindPreset(IConfigurationSection section, string word)
    {
        var preset = PartnerPreset.Find(word);
        if (preset is null)
            _faults.Add("AS2-CONFIG-004", section, $"There is no preset '{word}'. There are {string.Join(", ", PartnerPreset.All)}.");
        return preset;
    }

    private void AddDoubled()
    {
        foreach (var pair in _partnerships.GroupBy(p => (p.Local, p.Partner)).Where(g => g.Count() > 1))
            _faults.Add("AS2-CONFIG-101", SettingFaults.PathOf(root.GetSection("Partnerships").Path), $"The pair {pair.First()} is there {pair.Count()} times. Keep one.");
    }

    private static PartnershipCertificates Sort(
        List<(As2Certificate Certificate, CertificateEntry Entry)> ours, List<(As2Certificate Certificate, CertificateEntry Entry)> theirs)
    {
        List<As2Certificate> Named(List<(As2Certificate Certificate, CertificateEntry Entry)> all, CertificateRole role)
            => [.. all.Where(c => c.Entry.For?.Contains(role) == true).Select(c => c.Certificate)];
        List<As2Certificate> Of(List<(As2Certificate Certificate, CertificateEntry Entry)> all, CertificateRole role)
            => [.. all.Where(c => c.Entry.For?.Contains(role) ?? true).Select(c => c.Certificate)];
        var (signers, verifiers) = (Named(ours, CertificateRole.SignReceipt), Named(theirs, CertificateRole.VerifyReceipt));
        return new PartnershipCertificates
        {
            Sign = Of(ours, CertificateRole.Sign),
            Decrypt = Of(ours, CertificateRole.Decrypt),
            Verify = Of(theirs, CertificateRole.Verify),
            // An issuer vouches for signers; nobody encrypts to it.
            Encrypt = [.. Of(theirs, CertificateRole.Encrypt).Where(c => c.TrustedSubject is null)],
            Offer = Named(ours, CertificateRole.Offer),
            TlsClient = Named(ours, CertificateRole.TlsClient),
            TlsServer = Named(theirs, CertificateRole.TlsServer),
            TlsCaller = Named(theirs, CertificateRole.TlsCaller),
            SignReceipt = signers.Count > 0 ? signers : null,
            VerifyReceipt = verifiers.Count > 0 ? verifiers : null,
        };
    }

    /// <summary>The name in the file of the member that a validator names.</summary>
    private static string PathOf(IConfigurationSection section, string member)
    {
        var name = PartnershipSettings.All.FirstOrDefault(s => s.Member == member)?.Name ?? (member.StartsWith("Certificates.", StringComparison.Ordinal) ? "Certificates" : member);
        return $"{SettingFaults.PathOf(section.Path)}.{name}";
    }
}
