using As2.Agreements;
using As2.Certificates;
using Microsoft.Extensions.Configuration;

namespace As2.AspNetCore.Configuration;

/// <summary>Turns a configuration section into partnerships; every fault in it is collected and reported at once.</summary>
internal sealed class PartnershipsFromSettings(IConfiguration section, string folder)
{
    /// <summary>Adds what the section holds.</summary>
    /// <exception cref="As2Exception">AS2-CONFIG-001: the faults, a line each.</exception>
    public PartnershipBook Fill(PartnershipBook book)
    {
        var faults = new List<string>();
        var settings = section.Get<As2Settings>() ?? new As2Settings();
        var stations = settings.Stations.ToDictionary(s => s.Key, s => LoadStation(s.Key, s.Value, faults), StringComparer.Ordinal);
        foreach (var partnership in settings.Partnerships)
            Add(book, partnership, stations, faults);
        return faults.Count == 0
            ? book
            : throw new As2Exception("AS2-CONFIG-001", "The partnerships cannot be used:\n- " + string.Join("\n- ", faults));
    }

    private void Add(PartnershipBook book, PartnershipSettings settings, Dictionary<string, As2Certificate?> stations, List<string> faults)
    {
        var before = faults.Count;
        var name = $"{settings.Local} → {settings.Partner}";
        if (!stations.TryGetValue(settings.Local, out var ours))
            faults.Add($"{name}: there is no station '{settings.Local}'; add it under Stations.");
        var partnership = PartnershipMapper.Map(settings, name, faults);
        var theirs = LoadPartner(settings, name, faults);
        if (faults.Count == before && partnership is not null && ours is not null)
            book.Add(partnership, new PartnershipCertificates { Sign = [ours], Decrypt = [ours], Verify = theirs, Encrypt = theirs });
    }

    private As2Certificate? LoadStation(string name, StationSettings settings, List<string> faults)
        => Load($"station {name}", faults, () => CertificateFile.Load(Resolve(settings.Certificate), settings.Password, settings.Key is { } key ? Resolve(key) : null));

    private List<As2Certificate> LoadPartner(PartnershipSettings settings, string name, List<string> faults)
        => [.. settings.Certificate.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(file => Load(name, faults, () => CertificateFile.Load(Resolve(file)))).OfType<As2Certificate>()];

    private static As2Certificate? Load(string name, List<string> faults, Func<As2Certificate> load)
    {
        try
        {
            return load();
        }
        catch (As2Exception e)
        {
            faults.Add($"{name}: {e.Message}");
            return null;
        }
    }

    private string Resolve(string file) => Path.Combine(folder, file);
}
