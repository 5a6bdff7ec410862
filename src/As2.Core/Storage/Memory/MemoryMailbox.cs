using As2.Routes;

namespace As2.Storage;

/// <summary>The accounts' files of an <see cref="InMemoryStore"/>, under its lock.</summary>
internal sealed class MemoryMailbox
{
    private readonly Dictionary<(string Account, string Folder), SortedDictionary<string, MailboxFile>> _folders = [];

    public IReadOnlyList<MailboxFile> List(string account, string folder) => [.. Folder(account, folder).Values];

    public (long Files, long Bytes) Measure(string account)
    {
        var files = _folders.Where(folder => folder.Key.Account == account).SelectMany(folder => folder.Value.Values).ToList();
        return (files.Count, files.Sum(file => file.Content.Length));
    }

    public MailboxFile? Find(string account, string folder, string name) => Folder(account, folder).GetValueOrDefault(name);

    public bool Add(MailboxFile file) => Folder(file.Account, file.Folder).TryAdd(file.Name, file);

    public bool Remove(string account, string folder, string name) => Folder(account, folder).Remove(name);

    public bool Names(string blob) => _folders.Values.Any(folder => folder.Values.Any(f => f.Content.BlobName == blob));

    public bool Rename(string account, (string Folder, string Name) from, (string Folder, string Name) to)
    {
        if (Find(account, from.Folder, from.Name) is not { } file || Find(account, to.Folder, to.Name) is not null)
            return false;
        Remove(account, from.Folder, from.Name);
        return Add(file with { Folder = to.Folder, Name = to.Name });
    }

    /// <summary>Before anything changes.</summary>
    /// <exception cref="As2Exception">AS2-STORE-013: a file that must be there is not.</exception>
    public void Demand(IReadOnlyList<MailboxChange> changes)
    {
        foreach (var change in changes)
        {
            if (change is { MustBeThere: true, Remove: { } file } && Find(change.Account, file.Folder, file.Name) is null)
                throw StoreFault.Gone(change.Account, file);
        }
    }

    public void Apply(MailboxChange change, string messageId, DateTimeOffset now)
    {
        if (change.Remove is { } gone)
            Remove(change.Account, gone.Folder, gone.Name);
        if (change.RemoveOfMessage is { } folder)
            RemoveOfMessage(Folder(change.Account, folder), messageId);
        if (change.Add is { } file)
            AddNumbered(new MailboxFile(change.Account, file.Folder, file.Name, file.Content, now, messageId));
    }

    private static void RemoveOfMessage(SortedDictionary<string, MailboxFile> folder, string messageId)
    {
        foreach (var file in folder.Values.Where(f => f.MessageId == messageId).ToList())
            folder.Remove(file.Name);
    }

    private void AddNumbered(MailboxFile file)
        => Add(file with { Name = FileNumber.FirstFree(file.Name, name => Find(file.Account, file.Folder, name) is not null) });

    private SortedDictionary<string, MailboxFile> Folder(string account, string folder)
    {
        if (!_folders.TryGetValue((account, folder), out var files))
            _folders[(account, folder)] = files = new SortedDictionary<string, MailboxFile>(StringComparer.Ordinal);
        return files;
    }
}
