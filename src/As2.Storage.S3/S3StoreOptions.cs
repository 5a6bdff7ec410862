namespace As2.Storage.S3;

/// <summary>Where a <see cref="S3BlobStore"/> keeps its blobs.</summary>
public sealed class S3StoreOptions
{
    /// <summary>The bucket; it must be there.</summary>
    public required string Bucket { get; init; }

    /// <summary>What the names of our objects begin with, such as <c>as2/</c>. Nobody else writes there. Default: nothing.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>The address of a service other than AWS. Default: AWS in <see cref="Region"/>.</summary>
    public Uri? Address { get; init; }

    /// <summary>The region, which also goes into the signatures. Default <c>us-east-1</c>.</summary>
    public string Region { get; init; } = "us-east-1";

    /// <summary>The access key. Default: where the AWS SDK looks by itself: environment, profile, role of the machine.</summary>
    public string? AccessKey { get; init; }

    /// <summary>The secret of <see cref="AccessKey"/>.</summary>
    public string? SecretKey { get; init; }

    /// <summary>
    /// Bytes of a part, from 5 MiB on; two such buffers are held for each content on its way. Default 8 MiB: contents up to 78 GiB, because
    /// S3 takes 10,000 parts.
    /// </summary>
    public int PartBytes { get; init; } = 8 << 20;
}
