using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace As2.Storage.S3;

/// <summary>
/// Blobs as objects of a bucket: <c>yyyy/MM/dd/id</c> below a prefix. An object appears whole, once its last part was acknowledged, and
/// never in place of another. Any number of nodes use the same bucket. Thread-safe.
/// </summary>
public sealed partial class S3BlobStore : IBlobStore, IDisposable
{
    private readonly AmazonS3Client _client;
    private readonly S3StoreOptions _options;
    private readonly TimeProvider _time;

    /// <summary>Opens it; the service is asked at first use.</summary>
    /// <param name="options">Where.</param>
    /// <param name="time">Dates new blobs. Default: the system's clock.</param>
    public S3BlobStore(S3StoreOptions options, TimeProvider? time = null)
        : this(options, time, null)
    {
    }

    internal S3BlobStore(S3StoreOptions options, TimeProvider? time, HttpClientFactory? http)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.PartBytes, 5 << 20, nameof(options));
        (_options, _time) = (options, time ?? TimeProvider.System);
        var config = new AmazonS3Config
        {
            // Each request carries the SHA-256 that we made; what the SDK would add, older services do not know.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            AuthenticationRegion = options.Region,
            HttpClientFactory = http,
        };
        if (options.Address is { } address)
            (config.ServiceURL, config.ForcePathStyle) = (address.AbsoluteUri, true);
        else
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(options.Region);
        _client = options.AccessKey is { } key
            ? new AmazonS3Client(new BasicAWSCredentials(key, options.SecretKey), config)
            : new AmazonS3Client(config);
    }

    /// <inheritdoc/>
    public BlobWriter Create(long? expectedLength)
    {
        var now = _time.GetUtcNow();
        var name = $"{now.ToString("yyyy'/'MM'/'dd", CultureInfo.InvariantCulture)}/{Guid.CreateVersion7(now):N}";
        return new S3BlobWriter(new S3Upload(_client, _options.Bucket, _options.Prefix + name), name, _options.PartBytes);
    }

    /// <inheritdoc/>
    public async ValueTask<Stream> OpenReadAsync(StoredContent content, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (content.Inline is { } inline)
            return new MemoryStream(inline.ToArray(), writable: false);
        if (content.BlobName is not { } name)
            throw StoreFault.Lost(content.Sha256, "was purged by the retention policy");
        try
        {
            var response = await _client.GetObjectAsync(_options.Bucket, KeyOf(name), cancellationToken).ConfigureAwait(false);
            return new VerifiedStream(response.ResponseStream, content);
        }
        catch (Exception e) when (S3Fault.IsOfService(e))
        {
            throw S3Fault.Translate(e, name);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DeleteAsync(string blobName, CancellationToken cancellationToken)
    {
        try
        {
            await _client.DeleteObjectAsync(_options.Bucket, KeyOf(blobName), cancellationToken).ConfigureAwait(false);
        }
        catch (AmazonS3Exception e) when (e.StatusCode == System.Net.HttpStatusCode.NotFound)
        {
            // Absent is fine; S3 itself does not say so.
        }
        catch (Exception e) when (S3Fault.IsOfService(e))
        {
            throw S3Fault.Translate(e, blobName);
        }
    }

    /// <summary>The blobs older than <paramref name="age"/>. Uploads of that age that a crash left unfinished are ended on the way.</summary>
    public async IAsyncEnumerable<string> ListAsync(TimeSpan age, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var newest = _time.GetUtcNow() - age;
        await EndUnfinishedAsync(newest, cancellationToken).ConfigureAwait(false);
        var request = new ListObjectsV2Request { BucketName = _options.Bucket, Prefix = _options.Prefix };
        do
        {
            var page = await AskAsync(() => _client.ListObjectsV2Async(request, cancellationToken)).ConfigureAwait(false);
            foreach (var found in page.S3Objects ?? [])
            {
                var name = found.Key[_options.Prefix.Length..];
                if (NamePattern().IsMatch(name) && MadeAt(name) <= newest.ToUnixTimeMilliseconds())
                    yield return name;
            }
            request.ContinuationToken = page.IsTruncated == true ? page.NextContinuationToken : null;
        }
        while (request.ContinuationToken is not null);
    }

    /// <summary>Ends the connections.</summary>
    public void Dispose() => _client.Dispose();

    private async Task EndUnfinishedAsync(DateTimeOffset newest, CancellationToken cancellationToken)
    {
        var request = new ListMultipartUploadsRequest { BucketName = _options.Bucket, Prefix = _options.Prefix };
        while (true)
        {
            ListMultipartUploadsResponse page;
            try
            {
                page = await AskAsync(() => _client.ListMultipartUploadsAsync(request, cancellationToken)).ConfigureAwait(false);
            }
            catch (As2Exception e) when (e.InnerException is AmazonS3Exception { StatusCode: System.Net.HttpStatusCode.NotImplemented })
            {
                // A service that does not list them ends them by a rule of its bucket.
                return;
            }
            foreach (var upload in page.MultipartUploads ?? [])
            {
                var name = upload.Key[_options.Prefix.Length..];
                if (NamePattern().IsMatch(name) && MadeAt(name) <= newest.ToUnixTimeMilliseconds())
                    await AskAsync(() => _client.AbortMultipartUploadAsync(_options.Bucket, upload.Key, upload.UploadId, cancellationToken)).ConfigureAwait(false);
            }
            if (page.IsTruncated != true)
                return;
            (request.KeyMarker, request.UploadIdMarker) = (page.NextKeyMarker, page.NextUploadIdMarker);
        }
    }

    private async Task<T> AskAsync<T>(Func<Task<T>> ask)
    {
        try
        {
            return await ask().ConfigureAwait(false);
        }
        catch (Exception e) when (S3Fault.IsOfService(e))
        {
            throw S3Fault.Translate(e, _options.Bucket);
        }
    }

    private string KeyOf(string name) => NamePattern().IsMatch(name)
        ? _options.Prefix + name
        : throw StoreFault.Lost(name, "has a name that this store never made");

    // The first 48 bits of a version 7 UUID are its Unix time in milliseconds.
    private static long MadeAt(string name) => long.Parse(name.AsSpan(11, 12), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\A[0-9]{4}/[0-9]{2}/[0-9]{2}/[0-9a-f]{32}\z")]
    private static partial Regex NamePattern();
}
