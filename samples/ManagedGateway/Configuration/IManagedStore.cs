namespace ManagedGateway.Configuration;

/// <summary>
/// Keeps what console and API saved. Several nodes may share one: a commit says on which version it was made, and nodes ask for the version
/// every two seconds. Thread-safe.
/// </summary>
internal interface IManagedStore
{
    /// <summary>The version of what is saved now.</summary>
    long Version { get; }

    /// <summary>Everything, at one moment.</summary>
    ManagedState Read();

    /// <summary>Applies a commit with its audit line in one transaction; durable when this returns.</summary>
    /// <returns>False: somebody else was first, and nothing was changed.</returns>
    bool Commit(ManagedCommit commit);
}

/// <summary>Of a gateway without console: nothing is saved.</summary>
internal sealed class NoManagedStore : IManagedStore
{
    public long Version => 0;

    public ManagedState Read() => ManagedState.Empty;

    public bool Commit(ManagedCommit commit)
        => throw new As2.As2Exception("GW-CHANGE-004", "This gateway has no console, so nothing is saved: add a Console section to gateway.json.");
}
