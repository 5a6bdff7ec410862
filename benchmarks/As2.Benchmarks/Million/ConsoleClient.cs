using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;

namespace As2.Benchmarks.Million;

/// <summary>Somebody who signed in to console and API.</summary>
internal sealed partial class ConsoleClient : IDisposable
{
    public const string Name = "root", Password = "correct horse battery staple";

    private readonly HttpClient _client;

    private ConsoleClient(Uri address)
    {
        _client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() }) { BaseAddress = new Uri(address, "/") };
        _client.DefaultRequestHeaders.Add("Origin", address.GetLeftPart(UriPartial.Authority));
    }

    /// <summary>Makes the first administrator by the link that the process printed.</summary>
    public static async Task<ConsoleClient> FirstRunAsync(Uri link)
    {
        var console = new ConsoleClient(link);
        var fields = Hidden().Matches(await console._client.GetStringAsync(link)).Select(m => KeyValuePair.Create(m.Groups[1].Value, WebUtility.HtmlDecode(m.Groups[2].Value)))
            .Concat([KeyValuePair.Create("Name", Name), KeyValuePair.Create("Password", Password), KeyValuePair.Create("Again", Password)]);
        using var form = new FormUrlEncodedContent(fields);
        using var answer = await console._client.PostAsync(link, form);
        return answer.StatusCode == HttpStatusCode.Found ? console : throw new InvalidOperationException($"The first administrator was not made: {answer.StatusCode}.");
    }

    /// <summary>Asks, and gives the milliseconds until the whole answer was there.</summary>
    public async Task<(double Milliseconds, string Text)> GetAsync(string path, CancellationToken cancellationToken = default)
    {
        var started = Stopwatch.GetTimestamp();
        var text = await _client.GetStringAsync(new Uri(path, UriKind.Relative), cancellationToken);
        return (Stopwatch.GetElapsedTime(started).TotalMilliseconds, text);
    }

    public void Dispose() => _client.Dispose();

    [GeneratedRegex("""<input type="hidden" name="([^"]+)" value="([^"]*)"\s*/?>""")]
    private static partial Regex Hidden();
}
