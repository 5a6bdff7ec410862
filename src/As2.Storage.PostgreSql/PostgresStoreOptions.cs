namespace As2.Storage.PostgreSql;

/// <summary>Where and how a <see cref="PostgresStore"/> keeps its data.</summary>
public sealed class PostgresStoreOptions
{
    /// <summary>
    /// Npgsql's connection string. Every node names the same database. Keep the password out of it: <see cref="Password"/>, or a
    /// <c>Passfile</c> of PostgreSQL.
    /// </summary>
    public string ConnectionString { get; set; } = "";

    /// <summary>Asked for the password whenever a connection is made, so that it can change while nodes run. Null: the connection string's.</summary>
    public Func<string>? Password { get; set; }

    /// <summary>The schema that holds our tables; made if absent. Letters, digits and underscores. Default <c>as2</c>.</summary>
    public string Schema { get; set; } = "as2";

    /// <summary>The most connections of this node. Default 20; all nodes together stay below the server's <c>max_connections</c>.</summary>
    public int MaxConnections { get; set; } = 20;

    /// <summary>How long a statement may take before the call fails. Default 15 seconds, well below a lease.</summary>
    public TimeSpan CommandTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// Sends to each partner one message at a time, in the order of submission: the next goes when the one before has ended, with its
    /// receipt where one is asked for. Default false. The same on every node.
    /// </summary>
    public bool KeepsPartnersOrder { get; set; }

    /// <summary>
    /// Takes a server that says a commit is done before it is on the disk (<c>synchronous_commit</c> or <c>fsync</c> off): messages that
    /// were acknowledged can be lost. Default false: refused with AS2-STORE-016. For a throw-away trial only.
    /// </summary>
    public bool UnsafelyAllowLazyCommits { get; set; }
}
