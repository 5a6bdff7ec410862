using System.Text.Json.Nodes;

namespace ManagedGateway.Configuration;

/// <summary>What an entry of the managed configuration is. The names are columns of the store: never rename one.</summary>
internal enum EntryKind
{
    /// <summary>An organisation; its key is its name.</summary>
    Organisation,

    /// <summary>A station; its key is its AS2 name.</summary>
    Station,

    /// <summary>A partnership; its key is <see cref="EntryName.Of"/> both AS2 names.</summary>
    Partnership,

    /// <summary>An FTP account; its key is its name.</summary>
    Account,

    /// <summary>An outside folder; its key is its name.</summary>
    Outside,

    /// <summary>A certificate, with its key where it is ours; its key here is an identifier that <c>File</c> names as <c>managed:ID</c>.</summary>
    Certificate,

    /// <summary>A webhook; its key is its name.</summary>
    Webhook,

    /// <summary>The one block Alerts; its key is <see cref="EntryName.Alerts"/>.</summary>
    Alerts,

    /// <summary>The one block Addresses; its key is <see cref="EntryName.Addresses"/>.</summary>
    Addresses,
}

/// <summary>Names an entry.</summary>
internal readonly record struct EntryName(EntryKind Kind, string Key)
{
    /// <summary>The key of a partnership. A tab is in no AS2 name.</summary>
    public static EntryName Of(string local, string partner) => new(EntryKind.Partnership, $"{local}\t{partner}");

    /// <summary>How alerts are told, of which there is one block.</summary>
    public static EntryName Alerts { get; } = new(EntryKind.Alerts, "all");

    /// <summary>How others reach us, of which there is one block.</summary>
    public static EntryName Addresses { get; } = new(EntryKind.Addresses, "all");

    /// <summary>For people.</summary>
    public override string ToString() => $"{Kind.ToString().ToLowerInvariant()} {Key.Replace("\t", " → ", StringComparison.Ordinal)}";
}

/// <summary>One entry as it is saved: the same JSON that would stand in <c>gateway.json</c>, with secrets sealed.</summary>
internal sealed record ManagedEntry(EntryName Name, JsonObject Body);

/// <summary>Everything that is saved, at one moment.</summary>
/// <param name="Version">Rises with every change.</param>
/// <param name="Entries">The entries by name.</param>
internal sealed record ManagedState(long Version, IReadOnlyDictionary<EntryName, JsonObject> Entries)
{
    public static ManagedState Empty { get; } = new(0, new Dictionary<EntryName, JsonObject>());
}

/// <summary>What a change does to the saved entries.</summary>
/// <param name="Expected">The version that it was made on.</param>
/// <param name="Puts">Entries to add or replace.</param>
/// <param name="Removes">Entries to take out.</param>
internal sealed record ManagedCommit(long Expected, IReadOnlyList<ManagedEntry> Puts, IReadOnlyList<EntryName> Removes)
{
    /// <summary>Who did what, written in the same transaction.</summary>
    public required (string Actor, string Action, string Subject, string Detail) Audit { get; init; }
}
