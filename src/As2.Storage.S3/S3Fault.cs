using System.Net;
using Amazon.Runtime;

namespace As2.Storage.S3;

/// <summary>Turns what the service says into a fault with a stable id and a way out.</summary>
internal static class S3Fault
{
    /// <summary>True for what the service or the way to it throws.</summary>
    public static bool IsOfService(Exception e) => e is AmazonClientException or AmazonServiceException or HttpRequestException or IOException or TimeoutException;

    public static As2Exception Translate(Exception e, string name) => (e as AmazonServiceException)?.StatusCode switch
    {
        HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized => new As2Exception(
            StoreFault.NoAccess, $"The bucket refuses '{name}': {e.Message} Check the keys and their policy: get, put, delete, list, and the parts of uploads.", e),
        HttpStatusCode.NotFound => StoreFault.Lost(name, "is not in the bucket", e),
        _ => new As2Exception(StoreFault.NotDurable, $"'{name}' was not taken by the bucket: {e.Message} Nothing was acknowledged; it goes on when the service answers.", e),
    };
}
