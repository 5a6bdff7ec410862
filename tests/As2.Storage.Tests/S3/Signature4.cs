using System.Security.Cryptography;
using System.Text;

namespace As2.Storage.Tests.S3;

/// <summary>AWS Signature Version 4 as its specification says, computed from what a request holds: the service's side of the check.</summary>
internal static class Signature4
{
    public static string Of(HttpRequestMessage request, string secret)
    {
        // AWS4-HMAC-SHA256 Credential=KEY/DATE/REGION/s3/aws4_request, SignedHeaders=a;b, Signature=…
        var parts = Header(request, "Authorization").Split(' ', 2)[1].Split(',', StringSplitOptions.TrimEntries).Select(p => p.Split('=', 2)).ToDictionary(p => p[0], p => p[1]);
        var scope = parts["Credential"].Split('/', 2)[1];
        var names = parts["SignedHeaders"].Split(';');
        var canonical = string.Join('\n',
            request.Method.Method, request.RequestUri!.AbsolutePath, Query(request.RequestUri.Query),
            string.Concat(names.Select(name => $"{name}:{Header(request, name).Trim()}\n")), parts["SignedHeaders"], Header(request, "x-amz-content-sha256"));
        var text = $"AWS4-HMAC-SHA256\n{Header(request, "x-amz-date")}\n{scope}\n{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
        var key = scope.Split('/').Aggregate(Encoding.UTF8.GetBytes("AWS4" + secret), (former, part) => HMACSHA256.HashData(former, Encoding.UTF8.GetBytes(part)));
        return Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text)));
    }

    private static string Query(string query) => string.Join('&', query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries)
        .Select(p => p.Contains('=', StringComparison.Ordinal) ? p : p + "=").Order(StringComparer.Ordinal));

    private static string Header(HttpRequestMessage request, string name)
    {
        if (name == "host")
            return request.Headers.Host ?? request.RequestUri!.Authority;
        return request.Headers.NonValidated.TryGetValues(name, out var values) ? values.ToString()
            : request.Content?.Headers.NonValidated.TryGetValues(name, out var others) == true ? others.ToString() : "";
    }
}
