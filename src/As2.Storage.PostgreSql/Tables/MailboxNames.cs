using As2.Payloads;
using As2.Routes;
using Npgsql;

namespace As2.Storage.PostgreSql;

/// <summary>
/// Free names for the files that a step adds, looked for when the wanted one turned out to be taken. Whoever looks in a folder waits for
/// who looked before, until that one's transaction ends.
/// </summary>
internal sealed class MailboxNames
{
    private const int Probes = 24;

    private readonly NpgsqlConnection _connection;

    public MailboxNames(NpgsqlConnection connection) => _connection = connection;

    /// <summary>The changes with names that are free; a name that a change itself frees counts as taken.</summary>
    public async Task<IReadOnlyList<MailboxChange>> FreeAsync(IReadOnlyList<MailboxChange> changes, CancellationToken cancellationToken)
    {
        var given = new HashSet<(string, string, string)>();
        var free = new List<MailboxChange>();
        await LockAsync(changes, cancellationToken).ConfigureAwait(false);
        foreach (var change in changes)
        {
            if (change.Add is not { } file)
            {
                free.Add(change);
                continue;
            }
            var name = await FirstFreeAsync(change.Account, file, given, cancellationToken).ConfigureAwait(false);
            given.Add((change.Account, file.Folder, name));
            free.Add(change with { Add = file with { Name = name } });
        }
        return free;
    }

    // Doubling until a number is free, then the gap between it and the last taken one, a row of probes at a time.
    private async Task<string> FirstFreeAsync(string account, NewMailboxFile file, HashSet<(string, string, string)> given, CancellationToken cancellationToken)
    {
        var (taken, numbers) = (0, (int[])[1, .. Enumerable.Range(1, Probes).Select(i => 1 << i)]);
        while (true)
        {
            var names = numbers.Select(n => n == 1 ? file.Name : FileNamePolicy.Numbered(file.Name, n)).ToArray();
            var known = await TakenAsync(account, file.Folder, names, cancellationToken).ConfigureAwait(false);
            known.UnionWith(names.Where(name => given.Contains((account, file.Folder, name))));
            var first = Array.FindIndex(names, name => !known.Contains(name));
            if (first < 0)
                throw new As2Exception(StoreFault.NoRoom, $"{account}/{file.Folder} holds too many files named like '{file.Name}'. Take them away.");
            taken = first > 0 ? numbers[first - 1] : taken;
            var gap = numbers[first] - taken;
            if (gap <= 1)
                return names[first];
            numbers = [.. Enumerable.Range(1, Math.Min(gap, Probes)).Select(i => taken + (int)((long)gap * i / Math.Min(gap, Probes)))];
        }
    }

    private async Task<HashSet<string>> TakenAsync(string account, string folder, string[] names, CancellationToken cancellationToken)
    {
        await using var batch = MailboxTable.Taken(account, folder, names).On(_connection, null);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        var taken = new HashSet<string>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            taken.Add(reader.GetString(0));
        return taken;
    }

    // In one order, so that two who want the same folders never hold one each.
    private async Task LockAsync(IReadOnlyList<MailboxChange> changes, CancellationToken cancellationToken)
    {
        var locks = new Statements();
        foreach (var folder in changes.Where(c => c.Add is not null).Select(c => $"{c.Account}\n{c.Add!.Folder}").Distinct().Order(StringComparer.Ordinal))
            locks.Add("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", folder);
        await using var batch = locks.On(_connection, null);
        await batch.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }
}
