using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using As2.Agreements;
using As2.Certificates;
using As2.Testing;
using ManagedGateway;
using Microsoft.Extensions.DependencyInjection;

namespace As2.Gateway.Tests;

/// <summary>Every JSON example of the documentation is a gateway.json, or a part of one, that a gateway takes.</summary>
public sealed partial class DocumentedSettingsTests
{
    private static readonly JsonDocumentOptions s_lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    [TestCaseSource(nameof(Examples))]
    public async Task an_example_is_taken(string page, string text)
    {
        using var data = new TempFolder();
        var example = JsonNode.Parse(text[0] == '{' ? text : $"{{ {text} }}", documentOptions: s_lenient)!.AsObject();
        if (example.ContainsKey("Local"))
            example = OfOnePartnership(example);
        MakeFiles(data, example);
        data.Write(GatewaySettings.FileName, example.ToJsonString());
        var settings = GatewaySettings.Load(data.Path);
        var wanted = example["As2"]?["Partnerships"]?.AsArray().Count ?? 0;
        if (!example.ContainsKey("Store"))
            Assert.That(await CountPartnershipsAsync(settings, data), Is.EqualTo(wanted), page);
        else // The pages' databases are nowhere: all else is taken when the gateway looks for them.
            Assert.That(Assert.ThrowsAsync<As2Exception>(() => CountPartnershipsAsync(settings, data))!.Id, Is.EqualTo("GW-OPERATIONS-002"), page);
    }

    [Test]
    public void the_pages_have_examples() => Assert.That(Examples().Select(e => e.Arguments[0]), Does.Contain("gateway.md").And.Contain("settings.md"));

    private static IEnumerable<TestCaseData> Examples()
    {
        foreach (var page in Directory.GetFiles(Path.Combine(Repository.Root, "docs"), "*.md").Order())
        {
            foreach (Match block in Block().Matches(File.ReadAllText(page)))
            {
                var text = Margin().Replace(block.Groups[1].Value + block.Groups[2].Value, "").Trim();
                if (text.StartsWith('{') || text.StartsWith('"'))
                    yield return new TestCaseData(Path.GetFileName(page), text).SetArgDisplayNames(Path.GetFileName(page), $"{block.Index}");
            }
        }
    }

    private static async Task<int> CountPartnershipsAsync(GatewaySettings settings, TempFolder data)
    {
        await using var gateway = GatewayHost.Build(settings, new GatewayOptions { Data = data.Path });
        return gateway.Services.GetRequiredService<PartnershipBook>().Partnerships.Count();
    }

    /// <summary>The settings around an example that shows one partnership, with the certificates that it leaves out.</summary>
    private static JsonObject OfOnePartnership(JsonObject partnership)
    {
        if (!partnership.ContainsKey("Certificates"))
            partnership.TryAdd("Certificate", "keys/partner.cer");
        return new JsonObject
        {
            ["As2"] = new JsonObject
            {
                ["Stations"] = new JsonObject { [$"{partnership["Local"]}"] = new JsonObject { ["Certificate"] = "keys/station.p12" } },
                ["Partnerships"] = new JsonArray(partnership),
            },
        };
    }

    /// <summary>Whatever file an example names, with a certificate and its key in it; one text file for passwords.</summary>
    private static void MakeFiles(TempFolder data, JsonNode? node)
    {
        switch (node)
        {
            case JsonObject members:
                foreach (var (_, member) in members)
                    MakeFiles(data, member);
                break;
            case JsonArray items:
                foreach (var item in items)
                    MakeFiles(data, item);
                break;
            case JsonValue value when value.TryGetValue<string>(out var text) && FileName().IsMatch(text):
                Directory.CreateDirectory(Path.GetDirectoryName(data[text])!);
                var key = TestKeys.Rsa(Path.GetFileNameWithoutExtension(text));
                data.Write(text, text.Contains("password", StringComparison.Ordinal) || text.StartsWith("secrets/", StringComparison.Ordinal) ? "secret" : CertificateFile.ToPem(key) + CertificateFile.ToKeyPem(key));
                break;
        }
    }

    [GeneratedRegex(@"^```json\n(.*?)^```|(?<=\n\n)((?:    [^\n]*\n)+)", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"^    ", RegexOptions.Multiline)]
    private static partial Regex Margin();

    [GeneratedRegex(@"\A[\w/.-]+\.(p12|pem|cer|p7b|password)\z|\Asecrets/\w+\z")]
    private static partial Regex FileName();
}
