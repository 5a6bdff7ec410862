using System.Net;
using System.Security.Cryptography;
using As2.Storage.S3;
using As2.Testing;
using As2.Testing.Storage;

namespace As2.Storage.Tests.S3;

public sealed class S3BlobContractTests : BlobStoreContract
{
    protected override StoreUnderTest Open(TimeProvider time)
    {
        var store = new InMemoryStore(time);
        return new(store, store, store, new S3BlobStore(S3Service.NewPrefix(), time), store.Signal, store);
    }
}

public sealed class S3BlobStoreTests
{
    private const int Part = 5 << 20;
    private static readonly CancellationToken s_none = CancellationToken.None;

    private static string Header(HttpRequestMessage request, string name) => request.Headers.TryGetValues(name, out var values)
        ? string.Join(',', values) : request.Content?.Headers.TryGetValues(name, out var others) == true ? string.Join(',', others) : "";

    private static string Digest(byte[] body) => Convert.ToBase64String(SHA256.HashData(body));

    private static async Task<StoredContent> WriteAsync(S3BlobStore store, byte[] octets)
    {
        await using var writer = store.Create(octets.Length);
        foreach (var block in octets.Chunk(100_000))
            writer.Push(block);
        return await writer.CommitAsync(s_none);
    }

    [TestCase(Part)]
    [TestCase(Part + 1)]
    [TestCase((3 * Part) + 12_345)]
    public async Task large_contents_go_in_parts_in_order_each_with_its_checksum_and_appear_under_a_condition(int length)
    {
        var (parts, conditions) = (new List<string>(), new List<string>());
        using var store = new S3BlobStore(S3Service.NewPrefix(), null, new Between(async (request, body, pass) =>
        {
            var query = request.RequestUri!.Query;
            Assert.That(Header(request, "Authorization"), Does.EndWith("Signature=" + Signature4.Of(request, S3Service.Secret)));
            if (request.Method == HttpMethod.Put)
            {
                Assert.That(Header(request, "x-amz-checksum-sha256"), Is.EqualTo(Digest(body)));
                Assert.That(Header(request, "x-amz-content-sha256"), Is.EqualTo(Convert.ToHexStringLower(SHA256.HashData(body))), "what is signed is what is sent");
                parts.Add($"{System.Web.HttpUtility.ParseQueryString(query)["partNumber"]}:{body.Length}");
            }
            if ((request.Method == HttpMethod.Put && !query.Contains("uploadId", StringComparison.Ordinal)) || (request.Method == HttpMethod.Post && query.Contains("uploadId", StringComparison.Ordinal)))
                conditions.Add(Header(request, "If-None-Match"));
            return await pass();
        }));
        var octets = RandomNumberGenerator.GetBytes(length);
        var content = await WriteAsync(store, octets);

        await using var stream = await store.OpenReadAsync(content, s_none);
        Assert.That(await SHA256.HashDataAsync(stream), Is.EqualTo(SHA256.HashData(octets)));
        Assert.That(conditions, Is.EqualTo(["*"]));
        Assert.That(parts, Is.EqualTo(length <= 8 << 20 && parts.Count == 1 ? [$":{length}"] : Expected(length, int.Parse(parts[0].Split(':')[1]))));
    }

    // The pool gives buffers of a power of two.
    private static string[] Expected(int length, int part)
        => [.. Enumerable.Range(0, (length + part - 1) / part).Select(i => $"{i + 1}:{Math.Min(part, length - (i * part))}")];

    [Test]
    public async Task an_upload_that_is_given_up_is_ended_at_the_service()
    {
        var seen = new List<string>();
        using var store = new S3BlobStore(S3Service.NewPrefix(), null, new Between((request, _, pass) =>
        {
            seen.Add(request.Method.Method + (request.RequestUri!.Query.Contains("uploadId", StringComparison.Ordinal) ? " part" : ""));
            return pass();
        }));
        await using (var writer = store.Create(null))
            writer.Push(new byte[3 * (8 << 20)]);
        Assert.That(seen[^1], Is.EqualTo("DELETE part"));
        Assert.That(seen, Does.Not.Contain("POST part"));
    }

    [Test]
    public async Task a_content_whose_first_answer_was_lost_is_ours_and_one_of_another_is_not()
    {
        var octets = RandomNumberGenerator.GetBytes(300_000);
        using var store = new S3BlobStore(S3Service.NewPrefix(), null, new Between(async (request, _, pass) =>
        {
            if (request.Method != HttpMethod.Put)
                return await pass();
            (await pass()).Dispose();
            return new HttpResponseMessage(HttpStatusCode.PreconditionFailed) { RequestMessage = request };
        }));
        var content = await WriteAsync(store, octets);
        await using (var stream = await store.OpenReadAsync(content, s_none))
            Assert.That(await SHA256.HashDataAsync(stream), Is.EqualTo(SHA256.HashData(octets)));

        using var taken = new S3BlobStore(S3Service.NewPrefix(), null, new Between(async (request, _, pass) =>
        {
            if (request.Method != HttpMethod.Put)
                return request.Method == HttpMethod.Head ? new HttpResponseMessage(HttpStatusCode.OK) { RequestMessage = request, Content = new ByteArrayContent(new byte[7]) } : await pass();
            return new HttpResponseMessage(HttpStatusCode.PreconditionFailed) { RequestMessage = request };
        }));
        Assert.That(async () => await WriteAsync(taken, octets), Throws.InstanceOf<As2Exception>().With.Property("Id").EqualTo("AS2-STORE-006"));
    }

    [Test]
    public void keys_that_the_service_refuses_are_said()
    {
        using var store = new S3BlobStore(S3Service.NewPrefix(key: "NOBODY"));
        var fault = Assert.ThrowsAsync<As2Exception>(async () => await WriteAsync(store, new byte[300_000]))!;
        Assert.That(fault.Id, Is.EqualTo("AS2-STORE-010"));
        Assert.That(fault.ToString(), Does.Not.Contain(S3Service.Secret));
    }

    [Test]
    public void a_service_that_is_not_there_acknowledges_nothing()
    {
        using var store = new S3BlobStore(
            new S3StoreOptions { Bucket = "b", Address = new Uri($"http://127.0.0.1:{FreePort.Take()}"), AccessKey = "a", SecretKey = "b" });
        Assert.That(async () => await WriteAsync(store, new byte[300_000]), Throws.InstanceOf<As2Exception>().With.Property("Id").EqualTo("AS2-STORE-006"));
    }
}
