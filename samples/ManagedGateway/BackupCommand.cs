using As2.Storage.Sqlite;

namespace ManagedGateway;

/// <summary>
/// <c>gateway backup FOLDER</c>: the store as it is at one moment, with settings and keys, also while the gateway runs. The copy is a
/// data folder; it holds private keys, so keep it as safe as the original.
/// </summary>
internal static class BackupCommand
{
    private static readonly string[] s_stores = ["blobs", "spool", "lock", "backup.lock"];

    public static async Task<int> RunAsync(GatewayOptions options, TextWriter output)
    {
        await SqliteStore.BackupAsync(options.Data, options.Out, CancellationToken.None);
        CopyRest(new DirectoryInfo(options.Data), options.Out);
        await output.WriteLineAsync($"{options.Out}: a whole data folder. To restore: gateway run --data A-COPY-OF-IT");
        return 0;
    }

    // Settings, keys, certificates: whatever lies beside the store.
    private static void CopyRest(DirectoryInfo data, string target)
    {
        foreach (var file in data.EnumerateFiles().Where(f => !s_stores.Contains(f.Name) && !f.Name.StartsWith("as2.db", StringComparison.Ordinal)))
            file.CopyTo(Path.Combine(target, file.Name));
        foreach (var folder in data.EnumerateDirectories().Where(f => !s_stores.Contains(f.Name)))
            CopyAll(folder, Path.Combine(target, folder.Name));
    }

    private static void CopyAll(DirectoryInfo folder, string target)
    {
        Directory.CreateDirectory(target);
        foreach (var file in folder.EnumerateFiles())
            file.CopyTo(Path.Combine(target, file.Name));
        foreach (var inner in folder.EnumerateDirectories())
            CopyAll(inner, Path.Combine(target, inner.Name));
    }
}
