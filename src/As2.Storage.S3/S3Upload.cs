using System.Net;
using System.Security.Cryptography;
using Amazon.S3;
using Amazon.S3.Model;

namespace As2.Storage.S3;

/// <summary>One object on its way: put at once when it is a single part, in parts otherwise. Not thread-safe.</summary>
internal sealed class S3Upload(AmazonS3Client client, string bucket, string key)
{
    private readonly List<PartETag> _parts = [];
    private string? _upload;

    /// <summary>Sends a part; the first one begins the upload.</summary>
    public async Task SendAsync(ReadOnlyMemory<byte> octets, CancellationToken cancellationToken)
    {
        _upload ??= (await client.InitiateMultipartUploadAsync(
            new InitiateMultipartUploadRequest { BucketName = bucket, Key = key, ChecksumAlgorithm = ChecksumAlgorithm.SHA256 }, cancellationToken).ConfigureAwait(false)).UploadId;
        var checksum = Digest(octets);
        await using var body = Body(octets);
        var sent = await client.UploadPartAsync(
            new UploadPartRequest
            {
                BucketName = bucket, Key = key, UploadId = _upload, PartNumber = _parts.Count + 1, PartSize = octets.Length, InputStream = body,
                ChecksumSHA256 = checksum, UseChunkEncoding = false,
            },
            cancellationToken).ConfigureAwait(false);
        _parts.Add(new PartETag(_parts.Count + 1, sent.ETag) { ChecksumSHA256 = checksum });
    }

    /// <summary>Sends the last part; the object is there, whole, when this returns.</summary>
    public async Task FinishAsync(ReadOnlyMemory<byte> octets, long length, CancellationToken cancellationToken)
    {
        try
        {
            if (_upload is null)
                await PutAsync(octets, cancellationToken).ConfigureAwait(false);
            else
                await CompleteAsync(octets, cancellationToken).ConfigureAwait(false);
        }
        catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.PreconditionFailed)
        {
            // Nobody else makes this name: a try whose answer was lost has made it. An object of another length is none of ours.
            var made = await client.GetObjectMetadataAsync(bucket, key, cancellationToken).ConfigureAwait(false);
            if (made.ContentLength != length)
                throw;
        }
        _upload = null;
    }

    /// <summary>Ends an upload that is not wanted any more. What cannot be ended now is ended by age.</summary>
    public async Task AbortAsync()
    {
        if (_upload is not { } upload)
            return;
        _upload = null;
        try
        {
            await client.AbortMultipartUploadAsync(bucket, key, upload, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e) when (S3Fault.IsOfService(e))
        {
            // The service that failed the upload fails this too; the collector of orphans ends it.
        }
    }

    private async Task PutAsync(ReadOnlyMemory<byte> octets, CancellationToken cancellationToken)
    {
        await using var body = Body(octets);
        await client.PutObjectAsync(
            new PutObjectRequest
            {
                BucketName = bucket, Key = key, InputStream = body, ChecksumSHA256 = Digest(octets), IfNoneMatch = "*", UseChunkEncoding = false,
            },
            cancellationToken).ConfigureAwait(false);
    }

    private async Task CompleteAsync(ReadOnlyMemory<byte> octets, CancellationToken cancellationToken)
    {
        if (octets.Length > 0)
            await SendAsync(octets, cancellationToken).ConfigureAwait(false);
        await client.CompleteMultipartUploadAsync(
            new CompleteMultipartUploadRequest { BucketName = bucket, Key = key, UploadId = _upload, PartETags = _parts, IfNoneMatch = "*" },
            cancellationToken).ConfigureAwait(false);
    }

    private static string Digest(ReadOnlyMemory<byte> octets) => Convert.ToBase64String(SHA256.HashData(octets.Span));

    private static MemoryStream Body(ReadOnlyMemory<byte> octets)
        => System.Runtime.InteropServices.MemoryMarshal.TryGetArray(octets, out var array)
            ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false)
            : new MemoryStream(octets.ToArray(), writable: false);
}
