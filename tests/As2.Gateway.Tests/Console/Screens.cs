using As2.Gateway.Tests.Operations;
using Microsoft.Playwright;

namespace As2.Gateway.Tests.Console;

/// <summary>Pictures of pages. They lie in <c>artifacts/screens</c>; AS2_SCREENS names another folder.</summary>
internal static class Screens
{
    private static readonly Lock s_writing = new();

    private static string Folder => Directory.CreateDirectory(
        Environment.GetEnvironmentVariable("AS2_SCREENS") ?? Path.Combine(AppContext.BaseDirectory, "artifacts", "screens")).FullName;

    /// <summary>Takes one of the whole page. Two tests may take the same at once.</summary>
    public static async Task ShootAsync(IPage page, string name, string kind)
    {
        var picture = await page.ScreenshotAsync(new() { FullPage = true, Animations = ScreenshotAnimations.Disabled });
        lock (s_writing)
            File.WriteAllBytes(Path.Combine(Folder, $"{name}-{kind}.png"), picture);
    }

    /// <summary>Makes the first administrator by the link that the process printed.</summary>
    public static async Task FirstRunAsync(IPage page, ConsoleWorld world)
    {
        await page.GotoAsync(world.Link!);
        await ShootAsync(page, "setup", "1280-light");
        await page.FillAsync("#name", "root");
        await page.FillAsync("#password", ConsoleWorld.Password);
        await page.FillAsync("#again", ConsoleWorld.Password);
        await page.ClickAsync("button[type=submit]");
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("Dashboard");
    }
}
