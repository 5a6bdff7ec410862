using System.Text.Json;
using As2.Testing;

namespace As2.Tool.Tests.Inspection;

/// <summary>One call of <c>as2 inspect --json</c> over many files of the corpus; its lines by file.</summary>
internal static class CorpusRun
{
    /// <summary>Everything but the fixtures of other projects, whose keys are elsewhere.</summary>
    public static bool IsMessage(CorpusEntry entry) => entry.Kind == "request";

    /// <summary>Receipts, synchronous and asynchronous.</summary>
    public static bool IsReceipt(CorpusEntry entry) => entry.Kind is "sync-mdn" or "async-mdn";

    /// <summary>As the receivers of the corpus: every partner by its AS2 name.</summary>
    public static Task<IReadOnlyDictionary<string, JsonElement>> MessagesAsync()
        => RunAsync(IsMessage, [.. Corpus.Partners.SelectMany(p => (string[])["--partner", $"{p.Key}={Certificate(p.Value)}", "--cert", $"{p.Key}={Certificate(p.Value)}"]),
            .. Corpus.Partners.Values.Distinct().SelectMany(k => (string[])["--key", Corpus.PathOf($"keys/{k}.key.pem")])]);

    /// <summary>As the senders of the corpus.</summary>
    public static Task<IReadOnlyDictionary<string, JsonElement>> ReceiptsAsync()
        => RunAsync(IsReceipt, [.. Corpus.Partners.Values.Distinct().Where(k => k.StartsWith("bob", StringComparison.Ordinal)).SelectMany(k => (string[])["--partner", Certificate(k)])]);

    private static async Task<IReadOnlyDictionary<string, JsonElement>> RunAsync(Func<CorpusEntry, bool> wanted, string[] keys)
    {
        var files = Corpus.Entries.Where(wanted).Select(e => Corpus.PathOf(e.File)).ToList();
        var result = await Tool.RunAsync(["inspect", "--json", .. keys, .. files]);
        Assert.That(result.Error, Is.Empty);
        return result.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement)
            .ToDictionary(o => Path.GetRelativePath(Corpus.Folder, o.GetProperty("file").GetString()!).Replace('\\', '/'));
    }

    private static string Certificate(string key) => Corpus.PathOf($"keys/{key}.crt.pem");
}
