namespace ManagedGateway.Stores;

/// <summary>Where the gateway keeps messages, where not in its data folder: a database that several gateways share.</summary>
internal sealed class StoreSettings
{
    /// <summary>The connection string of Npgsql, the same on every node: <c>Host=db1,db2;Target Session Attributes=primary;Username=as2;Database=as2</c>.</summary>
    public string Postgres { get; set; } = "";

    /// <summary>
    /// A file whose first line is the password, read again at every connection. Default: the environment's <c>GATEWAY_Store__Password</c>, or
    /// what the connection string says.
    /// </summary>
    public string? PasswordFile { get; set; }

    /// <summary>The schema in the database. Default <c>as2</c>.</summary>
    public string Schema { get; set; } = "as2";

    /// <summary>The most connections of this node.</summary>
    public int MaxConnections { get; set; } = 20;

    /// <summary>Sends to each partner one message at a time, in the order of submission. The same on every node.</summary>
    public bool KeepsPartnersOrder { get; set; }

    /// <summary>The folder of large contents, on a file system that every node has mounted. Relative to the data folder. Or <see cref="S3"/>.</summary>
    public string? Blobs { get; set; }

    /// <summary>With fewer free bytes in <see cref="Blobs"/> new work is refused, so that accepted work can be finished. Default 512 MiB.</summary>
    public long LeastFreeBytes { get; set; } = 512L << 20;

    /// <summary>A bucket for large contents. Or <see cref="Blobs"/>.</summary>
    public S3Settings? S3 { get; set; }
}

/// <summary>A bucket of an S3-compatible service.</summary>
internal sealed class S3Settings
{
    /// <summary>The bucket.</summary>
    public string Bucket { get; set; } = "";

    /// <summary>What the names of our objects begin with. Default: nothing.</summary>
    public string Prefix { get; set; } = "";

    /// <summary>The address of a service other than AWS.</summary>
    public string? Address { get; set; }

    /// <summary>The region.</summary>
    public string Region { get; set; } = "us-east-1";

    /// <summary>
    /// A file with the access key in its first line and the secret key in its second. Default: where the AWS SDK looks by itself, such as the
    /// environment or the role of the machine.
    /// </summary>
    public string? KeysFile { get; set; }
}
