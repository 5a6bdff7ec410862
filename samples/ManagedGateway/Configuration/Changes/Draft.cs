using System.Text.Json.Nodes;
using As2;

namespace ManagedGateway.Configuration.Changes;

/// <summary>The saved configuration while it is being changed.</summary>
internal sealed class Draft
{
    private readonly ManagedState _before;
    private readonly MergedSettings _inForce;
    private readonly Dictionary<EntryName, JsonObject> _entries;

    public Draft(ManagedState before, MergedSettings inForce)
    {
        (_before, _inForce) = (before, inForce);
        _entries = new(before.Entries);
    }

    /// <summary>What is in force before the change, file and environment included.</summary>
    public MergedSettings InForce => _inForce;

    /// <summary>The state that the change leads to.</summary>
    public ManagedState Result => new(_before.Version + 1, _entries);

    /// <summary>What changed, by name; null stands for what is not there.</summary>
    public IReadOnlyList<(EntryName Name, JsonObject? Before, JsonObject? After)> Differences =>
    [
        .. _before.Entries.Keys.Union(_entries.Keys).Order(Comparer<EntryName>.Create((a, b) => (a.Kind, a.Key).CompareTo((b.Kind, b.Key))))
            .Select(n => (n, _before.Entries.GetValueOrDefault(n), _entries.GetValueOrDefault(n))).Where(d => !JsonNode.DeepEquals(d.Item2, d.Item3)),
    ];

    /// <summary>A copy of a saved entry, or null.</summary>
    public JsonObject? Find(EntryName name) => _entries.GetValueOrDefault(name)?.DeepClone().AsObject();

    /// <summary>A copy of a saved entry that is to be changed.</summary>
    /// <exception cref="As2Exception">GW-CHANGE-002: it stands in the file; GW-CHANGE-003: there is none.</exception>
    public JsonObject Take(EntryName name)
    {
        Refuse(name);
        return Find(name) ?? throw new As2Exception("GW-CHANGE-003", $"There is no {name}.");
    }

    /// <summary>Adds an entry that is not there yet.</summary>
    /// <exception cref="As2Exception">GW-CHANGE-002: it stands in the file; GW-CHANGE-005: it is saved already.</exception>
    public void Add(EntryName name, JsonObject body)
    {
        Refuse(name);
        if (_entries.ContainsKey(name))
            throw new As2Exception("GW-CHANGE-005", $"There is a {name} already: change it, or choose another name.");
        _entries[name] = body;
    }

    /// <summary>Adds or replaces an entry.</summary>
    /// <exception cref="As2Exception">GW-CHANGE-002: it stands in the file.</exception>
    public void Put(EntryName name, JsonObject body)
    {
        Refuse(name);
        _entries[name] = body;
    }

    /// <summary>Takes an entry out.</summary>
    /// <exception cref="As2Exception">GW-CHANGE-002: it stands in the file; GW-CHANGE-003: there is none.</exception>
    public void Remove(EntryName name)
    {
        Refuse(name);
        if (!_entries.Remove(name))
            throw new As2Exception("GW-CHANGE-003", $"There is no {name}.");
    }

    /// <summary>Takes out certificates that no entry names any more.</summary>
    public void Sweep()
    {
        var named = _entries.Where(e => e.Key.Kind != EntryKind.Certificate).SelectMany(e => Texts(e.Value))
            .Select(text => ManagedCertificate.TryIdOf(text, out var id) ? id : null).ToHashSet();
        foreach (var orphan in _entries.Keys.Where(n => n.Kind == EntryKind.Certificate && !named.Contains(n.Key)).ToList())
            _entries.Remove(orphan);
    }

    private void Refuse(EntryName name)
    {
        if (name.Kind != EntryKind.Organisation && _inForce.Fixed.Contains(name))
            throw new As2Exception("GW-CHANGE-002", $"The {name} stands in gateway.json, which goes before what is saved here: change it there.");
    }

    private static IEnumerable<string> Texts(JsonNode? node) => node switch
    {
        JsonObject members => members.SelectMany(m => Texts(m.Value)),
        JsonArray items => items.SelectMany(Texts),
        JsonValue value when value.TryGetValue<string>(out var text) => [text],
        _ => [],
    };
}
