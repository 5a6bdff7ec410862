using System.Text.Json;
using As2.Testing;

namespace As2.Tool.Tests.Inspection;

/// <summary>Every message and receipt of the corpus gives the manifest's expectation, or is listed with the reason why not.</summary>
public sealed class CorpusTests
{
    private static readonly Lazy<Task<IReadOnlyDictionary<string, JsonElement>>> s_messages = new(CorpusRun.MessagesAsync);
    private static readonly Lazy<Task<IReadOnlyDictionary<string, JsonElement>>> s_receipts = new(CorpusRun.ReceiptsAsync);

    private static IEnumerable<TestCaseData> Messages => Corpus.Cases(CorpusRun.IsMessage);

    private static IEnumerable<TestCaseData> Receipts => Corpus.Cases(CorpusRun.IsReceipt);

    [TestCaseSource(nameof(Messages))]
    public async Task a_message_gives_what_the_manifest_expects(CorpusEntry entry)
        => Judge(entry, CorpusVerdict.OfMessage(entry, (await s_messages.Value)[entry.File]));

    [TestCaseSource(nameof(Receipts))]
    public async Task a_receipt_gives_what_the_manifest_expects(CorpusEntry entry)
        => Judge(entry, CorpusVerdict.OfReceipt(entry, (await s_receipts.Value)[entry.File]));

    [Test]
    public async Task the_table_of_the_corpus_is_written()
    {
        Requires.SharedCorpus();
        var lines = Corpus.Entries.Where(CorpusRun.IsMessage).Select(e => (e, CorpusVerdict.OfMessage(e, s_messages.Value.Result[e.File])));
        var receipts = await s_receipts.Value;
        var all = lines.Concat(Corpus.Entries.Where(CorpusRun.IsReceipt).Select(e => (e, CorpusVerdict.OfReceipt(e, receipts[e.File])))).ToList();
        Directory.CreateDirectory(Repository.PathOf("artifacts"));
        await File.WriteAllLinesAsync(Repository.PathOf("artifacts", "corpus-table.md"), ["| file | expected | result | why |", "| --- | --- | --- | --- |", .. all.Select(Row)]);
        Assert.That(all, Has.Count.GreaterThan(1000));
    }

    private static void Judge(CorpusEntry entry, IEnumerable<string> differences)
    {
        var found = differences.ToList();
        if (KnownDifferences.Reason(entry) is { } reason)
            Assert.That(found, Is.Not.Empty, $"the difference is gone, take it off the list: {reason}");
        else
            Assert.That(found, Is.Empty);
    }

    private static string Row((CorpusEntry Entry, IEnumerable<string> Differences) row)
    {
        var differences = string.Join("; ", row.Differences).Replace("|", "\\|", StringComparison.Ordinal);
        return $"| {row.Entry.File} | {(row.Entry.Expect ?? row.Entry.Disposition)?.Replace("|", "\\|", StringComparison.Ordinal)} | {(differences.Length == 0 ? "pass" : differences)} | {KnownDifferences.Reason(row.Entry)} |";
    }
}
