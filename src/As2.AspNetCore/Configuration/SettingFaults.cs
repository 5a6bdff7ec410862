using As2.Agreements;
using Microsoft.Extensions.Configuration;

namespace As2.AspNetCore.Configuration;

/// <summary>What is wrong in a file, every line with its path: <c>As2.Partnerships[0].Digest</c>.</summary>
internal sealed class SettingFaults
{
    private readonly List<PartnershipFault> _all = [];

    /// <summary>What refuses the file.</summary>
    public IEnumerable<PartnershipFault> Errors => _all.Where(f => !f.IsWarning);

    /// <summary>What works, but somebody should look.</summary>
    public IEnumerable<PartnershipFault> Warnings => _all.Where(f => f.IsWarning);

    /// <summary>A value that cannot be used.</summary>
    public void Add(string id, IConfigurationSection section, string text) => Add(id, PathOf(section.Path), text);

    /// <summary>A fault at a path.</summary>
    public void Add(string id, string path, string text) => _all.Add(new PartnershipFault(id, path, text));

    /// <summary>A fault that the engine's own validators found.</summary>
    public void Add(PartnershipFault fault) => _all.Add(fault);

    /// <summary>Ends the reading.</summary>
    /// <exception cref="As2Exception">AS2-CONFIG-001: the errors, a line each.</exception>
    public void ThrowIfAny()
    {
        if (Errors.Any())
            throw new As2Exception("AS2-CONFIG-001", "The settings cannot be used:\n- " + string.Join("\n- ", Errors.Select(f => $"{f.Setting}: {f.Text} ({f.Id})")));
    }

    /// <summary>A path as it is written in the file.</summary>
    public static string PathOf(string path)
        => string.Concat(path.Split(':').Select((part, i) => int.TryParse(part, out _) ? $"[{part}]" : i == 0 ? part : "." + part));
}
