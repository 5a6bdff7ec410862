using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using As2.Certificates;

namespace As2.Testing;

/// <summary>
/// Real messages and receipts of other products, in <c>../shared/corpus</c> beside the repository (or <c>AS2_CORPUS</c>). Absent on a
/// fresh machine: <see cref="Cases"/> then gives one skipped case, <see cref="Requires.SharedCorpus"/> skips the test.
/// </summary>
public static class Corpus
{
    /// <summary>Why tests over the corpus skip.</summary>
    public const string AbsentReason = "the shared corpus is not beside the repository (../shared/corpus)";

    private static readonly JsonSerializerOptions s_json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
    private static readonly Lazy<IReadOnlyList<CorpusEntry>> s_entries = new(ReadManifest);
    private static readonly Lazy<IReadOnlyDictionary<string, string>> s_partners = new(ReadPartners);

    /// <summary>Its folder.</summary>
    public static string Folder { get; } = Environment.GetEnvironmentVariable("AS2_CORPUS") is { Length: > 0 } given
        ? given
        : Path.GetFullPath(Repository.PathOf("..", "shared", "corpus"));

    /// <summary>True when it is there.</summary>
    public static bool IsPresent => File.Exists(PathOf("manifest.json"));

    /// <summary>Every entry of the manifest.</summary>
    public static IReadOnlyList<CorpusEntry> Entries => s_entries.Value;

    /// <summary>AS2 name → key name.</summary>
    public static IReadOnlyDictionary<string, string> Partners => s_partners.Value;

    /// <summary>Entries as test cases, named by their file: <c>[TestCaseSource]</c> on a static property that returns this.</summary>
    public static IEnumerable<TestCaseData> Cases(Func<CorpusEntry, bool> wanted)
        => IsPresent
            ? Entries.Where(wanted).Select(entry => new TestCaseData(entry).SetArgDisplayNames(entry.File))
            : [new TestCaseData(new CorpusEntry { File = "absent", Kind = "absent" }).Ignore(AbsentReason)];

    /// <summary>The HTTP message of an entry.</summary>
    public static RawHttpMessage Read(CorpusEntry entry) => RawHttpMessage.Parse(File.ReadAllBytes(PathOf(entry.File)));

    /// <summary>The octets of a file of the corpus.</summary>
    public static byte[] Bytes(string file) => File.ReadAllBytes(PathOf(file));

    /// <summary>A key of <c>keys/</c> with its private part, such as <c>alice</c>. The caller owns it.</summary>
    public static As2Certificate Key(string name)
        => new(X509Certificate2.CreateFromPemFile(PathOf($"keys/{name}.crt.pem"), PathOf($"keys/{name}.key.pem")));

    /// <summary>A certificate of <c>keys/</c> alone. The caller owns it.</summary>
    public static As2Certificate Certificate(string name)
        => new(X509CertificateLoader.LoadCertificateFromFile(PathOf($"keys/{name}.crt.pem")));

    /// <summary>The full path of a file of the corpus.</summary>
    public static string PathOf(string file) => Path.Combine(Folder, file);

    private static IReadOnlyList<CorpusEntry> ReadManifest()
        => JsonSerializer.Deserialize<List<CorpusEntry>>(Bytes("manifest.json"), s_json)!;

    private static IReadOnlyDictionary<string, string> ReadPartners()
        => JsonSerializer.Deserialize<Dictionary<string, string>>(Bytes("partners.json"), s_json)!;
}
