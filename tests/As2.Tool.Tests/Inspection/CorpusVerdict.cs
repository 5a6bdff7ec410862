using System.Text.Json;
using System.Text.RegularExpressions;
using As2.Testing;

namespace As2.Tool.Tests.Inspection;

/// <summary>What differs between the manifest of the corpus and the tool; empty when nothing does.</summary>
internal static partial class CorpusVerdict
{
    /// <summary>A message: disposition, payload, MIC.</summary>
    public static IEnumerable<string> OfMessage(CorpusEntry entry, JsonElement found)
    {
        var disposition = found.GetProperty("disposition").GetString()!;
        if (!Meets(entry.Expect!, disposition))
            yield return $"disposition: expected {entry.Expect}, found {disposition}";
        if (entry.Expect != "processed")
            yield break;
        var hashes = found.GetProperty("payloads").EnumerateArray().Select(p => p.GetProperty("sha256").GetString()).ToList();
        if (entry.PayloadSha256 is not null && !hashes.Contains(entry.PayloadSha256) && !hashes.Contains(entry.PayloadSha256AsReceived))
            yield return $"payload: expected {entry.PayloadSha256}, found {string.Join(", ", hashes)}";
        var mic = found.GetProperty("mic");
        if (entry.Mic is not null && Value(mic) != entry.Mic)
            yield return $"mic: expected {entry.Mic} {entry.MicAlg}, found {mic}; {Alternate(found, entry.Mic)}";
    }

    /// <summary>A receipt: which message, what it says, its MIC, its signature.</summary>
    public static IEnumerable<string> OfReceipt(CorpusEntry entry, JsonElement found)
    {
        var receipt = found.GetProperty("receipt");
        var isReceipt = receipt.ValueKind == JsonValueKind.Object;
        var faults = found.GetProperty("faults").EnumerateArray().Select(f => f.GetProperty("text").GetString()).ToList();
        if (entry.Disposition is { } said && (!isReceipt || !Normalise(said).Equals(receipt.GetProperty("disposition").GetString(), StringComparison.OrdinalIgnoreCase)))
            yield return $"disposition: expected {Normalise(said)}, found {receipt}";
        if (entry.Mic is { } mic && (!isReceipt || !mic.Split(',').Select(p => p.Trim()).Contains(Value(receipt.GetProperty("mic")))))
            yield return $"mic: expected {mic}, found {receipt}";
        if (entry.OriginalMessageId is { } id && (!isReceipt || receipt.GetProperty("originalMessageId").GetString() != id))
            yield return $"original message: expected {id}, found {receipt}";
        if (entry.Expect?.StartsWith("reject", StringComparison.Ordinal) == true && faults.Count == 0)
            yield return $"expected {entry.Expect}, found no fault";
        var isGood = entry.Signed == true && (entry.Expect is null || !entry.Expect.StartsWith("reject", StringComparison.Ordinal));
        if (isGood && (!isReceipt || !receipt.GetProperty("verified").GetBoolean()))
            yield return $"signature: expected it to verify, found {string.Join(" ", faults)}";
    }

    private static bool Meets(string expected, string found) => expected switch
    {
        "policy" => true,
        "processed" => found == "processed",
        _ => expected.Split('|').Any(e => found.EndsWith(e, StringComparison.Ordinal) || (e == "unknown-trading-relationship" && found.EndsWith("unknown-trading-partner", StringComparison.Ordinal))),
    };

    private static string Alternate(JsonElement found, string value)
        => found.GetProperty("micAlternates").EnumerateArray().Where(a => Value(a) == value).Select(a => $"it is the alternate '{a.GetProperty("reading")}'").FirstOrDefault() ?? "it is no alternate";

    private static string? Value(JsonElement mic) => mic.ValueKind == JsonValueKind.Object ? mic.GetProperty("value").GetString() : null;

    private static string Normalise(string disposition)
        => Separator().Replace(disposition[(disposition.IndexOf(';', StringComparison.Ordinal) + 1)..].Trim(' ', ';'), ": ", 1);

    [GeneratedRegex(@"[:=] *")]
    private static partial Regex Separator();
}
