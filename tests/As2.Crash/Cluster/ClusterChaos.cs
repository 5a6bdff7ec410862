using As2.Testing;

namespace As2.Crash.Cluster;

/// <summary>What happens to a cluster: deaths, stalls and orderly ends of nodes, crashes of the database, cuts between the two.</summary>
internal sealed class ClusterChaos(IReadOnlyList<Node> nodes, PostgresServer database, CancellationToken stop)
{
    private static readonly TimeSpan s_stall = GatewayProgram.Lease + TimeSpan.FromSeconds(1), s_cut = GatewayProgram.Lease * 2;

    public int Kills { get; private set; }

    public int Restarts { get; private set; }

    public int Stalls { get; private set; }

    public int Cuts { get; private set; }

    public int Drains { get; private set; }

    /// <summary>One trouble after another until it is told to stop; everything is healed when it ends.</summary>
    public async Task RunAsync()
    {
        while (await PauseAsync())
        {
            var node = nodes[Random.Shared.Next(nodes.Count)];
            switch (Random.Shared.Next(100))
            {
                case < 50:
                    node.Kill();
                    Kills++;
                    break;
                case < 65:
                    await node.StallAsync(s_stall);
                    Stalls++;
                    break;
                case < 75:
                    database.Crash();
                    database.Start();
                    Restarts++;
                    break;
                case < 90:
                    await node.CutAsync(s_cut);
                    Cuts++;
                    break;
                default:
                    await node.DrainAsync();
                    Drains++;
                    break;
            }
        }
    }

    private async Task<bool> PauseAsync()
    {
        await Task.Delay(Random.Shared.Next(300, 3000), stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !stop.IsCancellationRequested;
    }
}
