using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using As2.Certificates;
using As2.Storage;
using As2.Storage.PostgreSql;
using As2.Testing;
using As2.Testing.Storage;

namespace As2.Crash.Cluster;

/// <summary>
/// Equal nodes on one PostgreSQL and one shared folder behind nginx, with traffic both ways, receipts that come to any node, and accounts
/// read at every node at once, while nodes and database die: compares what was acknowledged with what arrived.
/// </summary>
internal sealed class ClusterRun(CrashOptions options, TextWriter output, CancellationToken interrupted)
{
    /// <returns>0 when nothing was lost, doubled, falsely acknowledged or stuck.</returns>
    public static async Task<int> RunAsync(CrashOptions options, TextWriter output, CancellationToken interrupted)
    {
        var isOurs = options.Data is null;
        var root = options.Data ?? Directory.CreateTempSubdirectory("as2-cluster-").FullName;
        bool isClean;
        await using (var log = new StreamWriter(Path.Combine(root, "nodes.log")) { AutoFlush = true })
            isClean = await new ClusterRun(options with { Data = root }, output, interrupted).RunAsync(TextWriter.Synchronized(log));
        if (isClean && isOurs)
            Directory.Delete(root, recursive: true);
        else
            await output.WriteLineAsync($"kept: {root}");
        return isClean ? 0 : 1;
    }

    private async Task<bool> RunAsync(TextWriter said)
    {
        var (ledger, front) = (new Ledger(), FreePort.TakeRange(2));
        var root = options.Data!;
        using var database = new PostgresServer().Start();
        await using var partners = await Partners.StartAsync(ledger, front, bed: null);
        // Nodes on one database have one key of their secrets.
        var key = Path.Combine(root, "secret.key");
        CertificateFile.WriteSecret(key, Encoding.ASCII.GetBytes(Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))));
        Environment.SetEnvironmentVariable("GATEWAY_SECRET_KEY_FILE", key);
        var outside = options with { OutsidePort = partners.OutsidePort };
        var nodes = Enumerable.Range(0, options.Nodes).Select(i => new Node(
            outside, Path.Combine(root, $"node{i}"), (data, door) => World.Write(data, front, partners.Port, Shared(root, door)), database.Port, said)).ToList();
        using var nginx = new Nginx(Path.Combine(root, "nginx"), front, [.. nodes.Select(node => node.Port)]);
        await Task.WhenAll(nodes.Select(node => node.ReadyAsync()));
        // nginx listens as long as the campaign runs: the partners wait for nobody.
        partners.Hurry();

        using var stop = new CancellationTokenSource();
        var traffic = new Traffic(ledger, partners, nodes[0].Data, front, stop.Token);
        var readers = new Readers(ledger, nodes, stop.Token);
        var running = Task.WhenAll(traffic.RunAsync(), readers.RunAsync());
        var chaos = await TroubleAsync(nodes, database, ledger);

        await Task.WhenAll(nodes.Select(node => node.ReadyAsync()));
        traffic.EndOffers();
        var report = new Report(ledger, new Inside(() => Open(root, database), () => Open(root, database) is var store ? (store.Journal, store.Owner) : default), partners.Outside,
            GatewayProgram.Outside(outside with { Data = nodes[0].Data }));
        await report.DrainAsync(partners);
        await stop.CancelAsync();
        await running;
        foreach (var node in nodes)
            await node.DisposeAsync();
        await output.WriteLineAsync($"stalls {chaos.Stalls}, cuts from the database {chaos.Cuts}, drains {chaos.Drains}, files read beside their owners {readers.Reads}");
        return await report.WriteAsync($"nodes {options.Nodes}, kills {chaos.Kills}, database restarts {chaos.Restarts}", output, saysAcknowledged: false);
    }

    private async Task<ClusterChaos> TroubleAsync(IReadOnlyList<Node> nodes, PostgresServer database, Ledger ledger)
    {
        using var time = CancellationTokenSource.CreateLinkedTokenSource(interrupted);
        time.CancelAfter(TimeSpan.FromSeconds(options.Seconds));
        var chaos = new ClusterChaos(nodes, database, time.Token);
        var (running, since) = (options.HasChaos ? chaos.RunAsync() : Task.CompletedTask, Stopwatch.StartNew());
        while (!time.IsCancellationRequested)
        {
            await Task.Delay(TimeSpan.FromSeconds(10), time.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await output.WriteLineAsync($"{since.Elapsed.TotalSeconds,6:0} s  kills {chaos.Kills}, database restarts {chaos.Restarts}, offered {ledger.Entries.Count()}");
        }
        await running;
        return chaos;
    }

    private static object Shared(string root, int door) => new
    {
        Postgres = $"Host=127.0.0.1;Port={door};Username=as2;Database=postgres;Timeout=3", Blobs = Path.Combine(root, "shared"),
    };

    private static StoreUnderTest Open(string root, PostgresServer database)
    {
        var store = PostgresStore.OpenAsync(new PostgresStoreOptions { ConnectionString = database.ConnectionString }, null, CancellationToken.None).GetAwaiter().GetResult();
        return new StoreUnderTest(store, store, store, new FileBlobStore(Path.Combine(root, "shared"), isShared: true), store.Signal, store);
    }
}
