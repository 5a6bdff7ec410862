using As2.Testing;
using Microsoft.Playwright;

namespace As2.Gateway.Tests.Console;

/// <summary>Debian's Chromium, as somebody in front of a screen would use it; what it asks of other hosts and what it complains of is kept.</summary>
internal sealed class Browser : IAsyncDisposable
{
    private readonly IPlaywright _playwright;
    private readonly IBrowser _chromium;

    private Browser(IPlaywright playwright, IBrowser chromium) => (_playwright, _chromium) = (playwright, chromium);

    /// <summary>What pages complained of, and requests that left for elsewhere.</summary>
    public List<string> Complaints { get; } = [];

    public static async Task<Browser> StartAsync()
    {
        Requires.Tool("chromium");
        // A busy machine is slow, not wrong.
        Assertions.SetDefaultExpectTimeout(60_000);
        var playwright = await Playwright.CreateAsync();
        return new Browser(playwright, await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = "/usr/bin/chromium", Args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        }));
    }

    /// <summary>A window of its own.</summary>
    public async Task<IPage> OpenAsync(Uri address, int width, bool dark, IBrowserContext? like = null)
    {
        var context = await _chromium.NewContextAsync(new()
        {
            BaseURL = address.ToString(), ViewportSize = new() { Width = width, Height = 900 }, ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light,
            StorageState = like is null ? null : await like.StorageStateAsync(),
        });
        context.SetDefaultTimeout(60_000);
        var page = await context.NewPageAsync();
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
                Complaints.Add($"{page.Url}: {message.Text}");
        };
        page.Request += (_, request) =>
        {
            if (new Uri(request.Url) is { Scheme: "http" or "https" } to && to.Authority != address.Authority)
                Complaints.Add($"{page.Url} asks {request.Url}");
        };
        return page;
    }

    public async ValueTask DisposeAsync()
    {
        await _chromium.DisposeAsync();
        _playwright.Dispose();
    }
}
