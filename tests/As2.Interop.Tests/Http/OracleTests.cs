using System.Diagnostics;
using System.Text.RegularExpressions;
using As2.Agreements;
using As2.Layers;
using As2.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace As2.Interop.Tests.Http;

/// <summary>
/// Whoever damages an encrypted message and posts it learns nothing from the answer: not from its status, not from its length, not
/// from its text. What its time tells is printed, with the grid of <see cref="As2Options.FailureGrid"/> and without.
/// </summary>
public sealed partial class OracleTests
{
    private static readonly Dictionary<string, SecurityAgreement> s_kinds = new()
    {
        ["CBC, signed"] = new() { Cipher = ContentCipher.Aes128Cbc, EmbeddedCertificates = EmbeddedCertificates.None },
        ["CBC, compressed and signed"] = new() { Cipher = ContentCipher.Aes128Cbc, Compression = Compression.AfterSigning, EmbeddedCertificates = EmbeddedCertificates.None },
        ["GCM, signed"] = new() { Cipher = ContentCipher.Aes128Gcm, EmbeddedCertificates = EmbeddedCertificates.None },
    };

    private static IEnumerable<string> Kinds => s_kinds.Keys;

    [TestCaseSource(nameof(Kinds))]
    [Rfc("3218", "2.3")]
    [Rfc("8017", "7.2.2")]
    [Rfc("4130", "7.5.4")]
    public async Task every_damaged_byte_gets_one_and_the_same_answer(string kind)
    {
        await using var endpoint = await StartAsync(TimeSpan.Zero);
        var message = Sealed.Of(s_kinds[kind]);
        var answers = new Dictionary<string, int>();
        var unharmed = new List<int>();
        for (var at = 0; at < message.Body.Length; at++)
        {
            var answer = Describe(await endpoint.PostAsync(message.Damaged(at)));
            if (answer.Contains("; processed\n", StringComparison.Ordinal))
                unharmed.Add(at);
            else
                answers[answer] = answers.GetValueOrDefault(answer) + 1;
        }
        foreach (var _ in unharmed)
            Assert.That((await endpoint.ReceivedAsync()).Content, Is.EqualTo(Sealed.Order));
        await TestContext.Out.WriteLineAsync($"{kind}: {message.Body.Length} octets, {answers.Values.Sum()} refused alike, {unharmed.Count} accepted with their content whole: {string.Join(' ', unharmed)}");
        Assert.Multiple(() =>
        {
            Assert.That(answers.Keys, Has.Exactly(1).Items, () => string.Join("\n----\n", answers.Select(a => $"{a.Value} times:\n{a.Key}")));
            Assert.That(answers.Keys.First(), Does.StartWith("200 ").And.Contains("processed/error: decryption-failed"));
            // Covered by nothing and deciding nothing: version numbers, content types, the header of the signature part.
            Assert.That(unharmed, Has.Count.LessThan(message.Body.Length / 5));
        });
    }

    [Test]
    [Rfc("3218", "2.3")]
    public async Task the_time_of_a_refusal_is_told()
    {
        var message = Sealed.Of(new());
        var classes = Classes(message);
        foreach (var (grid, rounds) in new[] { (TimeSpan.Zero, 60), (new As2Options().FailureGrid, 4) })
        {
            await using var endpoint = await StartAsync(grid);
            var times = classes.Keys.ToDictionary(name => name, _ => new List<double>());
            for (var round = -2; round < rounds; round++)
            {
                // In turn, so that what the machine does meanwhile falls on all classes alike.
                foreach (var (name, make) in classes)
                {
                    var start = Stopwatch.GetTimestamp();
                    var answer = await endpoint.PostAsync(make());
                    if (round >= 0)
                        times[name].Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                    Assert.That(answer.Text, Does.Contain("decryption-failed"), name);
                }
            }
            await TestContext.Out.WriteLineAsync($"grid {grid.TotalMilliseconds} ms, {rounds} requests of each class; milliseconds:");
            foreach (var (name, sorted) in times.Select(t => (t.Key, t.Value.Order().ToList())))
                await TestContext.Out.WriteLineAsync($"  {name,-22} median {At(sorted, 0.5):F2}, 10 % {At(sorted, 0.1):F2}, 90 % {At(sorted, 0.9):F2}");
        }
    }

    private static Dictionary<string, Func<Sealed>> Classes(Sealed message)
    {
        var key = message.Body.AsSpan().IndexOf(new byte[] { 0x04, 0x82, 0x01, 0x00 }) + 4;
        var content = message.Body.AsSpan().LastIndexOf(new byte[] { 0x80, 0x82 }) + 4;
        return new()
        {
            ["padding broken"] = () => message.Damaged(message.Body.Length - 17),
            ["content broken"] = () => message.Damaged(content + ((message.Body.Length - content) / 2)),
            ["first block broken"] = () => message.Damaged(content),
            ["signature broken"] = () => message.Damaged(message.Body.Length - 200),
            ["key broken"] = () => message.Damaged(key + 100),
            ["key of another length"] = () => Sealed.Of(new()).WithKey(new byte[7]),
            ["unknown recipient"] = () => Sealed.Of(new(), TestKeys.Rsa("stranger")),
        };
    }

    private static double At(List<double> sorted, double share) => sorted[(int)((sorted.Count - 1) * share)];

    private static Task<Endpoint> StartAsync(TimeSpan grid)
        => Endpoint.StartAsync(Sealed.AtBob(), Sealed.CertificatesOfBob, options => options.FailureGrid = grid,
            services: services => services.Configure<AspNetCore.As2EndpointOptions>(http => http.MaxFailuresPerMinute = 100_000));

    /// <summary>Status, lengths, fields and text, with what differs from answer to answer in fixed length (identifiers, times, boundaries, signature) blotted out.</summary>
    private static string Describe(RawHttpMessage answer)
    {
        var headers = string.Concat(answer.Headers.Select(f => $"{f.Key}: {f.Value}\n"));
        var text = $"{answer.Status} {answer.Body.Length} bytes\n{headers}\n{answer.Text}".Replace("\r\n", "\n", StringComparison.Ordinal);
        text = Base64Line().Replace(text, "#\n");
        text = Boundary().Replace(text, match => new string('#', match.Length));
        text = Identifier().Replace(text, match => new string('#', match.Length));
        return Time().Replace(text, match => new string('#', match.Length));
    }

    [GeneratedRegex("(?<=\n)([A-Za-z0-9+/]{60,76}\n)+[A-Za-z0-9+/=]*\n")]
    private static partial Regex Base64Line();

    [GeneratedRegex("=_as2_[0-9a-f]{32}")]
    private static partial Regex Boundary();

    [GeneratedRegex("<[^>\n]+>")]
    private static partial Regex Identifier();

    [GeneratedRegex("[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9:]{8} GMT|[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:]{8} UTC")]
    private static partial Regex Time();
}
