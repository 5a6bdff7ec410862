using As2.Storage.Sqlite;
using ManagedGateway.Operations.Store;
using ManagedGateway.Secrets;

namespace ManagedGateway;

/// <summary>
/// <c>gateway backup FOLDER</c>: the store as it is at one moment, with settings and keys, also while the gateway runs. The copy is a
/// data folder without the key that its secrets are sealed with: who has both has everything.
/// </summary>
internal static class BackupCommand
{
    private static readonly string[] s_stores = ["blobs", "spool", "lock", "backup.lock", SecretKey.FileName];

    public static async Task<int> RunAsync(GatewayOptions options, TextWriter output)
    {
        if (GatewaySettings.Load(options.Data).Store is not null)
            throw new As2.As2Exception("GW-STORE-001", "The messages are in PostgreSQL, with backups of its own: see docs/scale.md. Copy the data folder for settings and keys.");
        await SqliteStore.BackupAsync(options.Data, options.Out, CancellationToken.None);
        SqliteOperations.Copy(options.Data, options.Out);
        CopyRest(new DirectoryInfo(options.Data), options.Out);
        await output.WriteLineAsync($"{options.Out}: a whole data folder. To restore: gateway run --data A-COPY-OF-IT");
        if (File.Exists(Path.Combine(options.Data, SecretKey.FileName)))
            await output.WriteLineAsync($"Its keys and passwords are sealed; {SecretKey.FileName} is not in it. Keep that elsewhere, and put it into the copy.");
        return 0;
    }

    // Settings, keys, certificates: whatever lies beside the store.
    private static void CopyRest(DirectoryInfo data, string target)
    {
        foreach (var file in data.EnumerateFiles().Where(f => !s_stores.Contains(f.Name) && !IsDatabase(f.Name)))
            file.CopyTo(Path.Combine(target, file.Name));
        foreach (var folder in data.EnumerateDirectories().Where(f => !s_stores.Contains(f.Name)))
            CopyAll(folder, Path.Combine(target, folder.Name));
    }

    // Their last lines may still lie in journals: each is copied by its own means.
    private static bool IsDatabase(string name)
        => name.StartsWith("as2.db", StringComparison.Ordinal) || name.StartsWith(SqliteOperations.FileName, StringComparison.Ordinal);

    private static void CopyAll(DirectoryInfo folder, string target)
    {
        Directory.CreateDirectory(target);
        // A name with .new is on its way to its own name, and may be gone in the next moment.
        foreach (var file in folder.EnumerateFiles().Where(f => f.Extension != ".new"))
            file.CopyTo(Path.Combine(target, file.Name));
        foreach (var inner in folder.EnumerateDirectories())
            CopyAll(inner, Path.Combine(target, inner.Name));
    }
}
