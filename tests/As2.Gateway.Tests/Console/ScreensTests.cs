using System.Security.Cryptography;
using System.Text.RegularExpressions;
using As2.Gateway.Tests.Api;
using As2.Gateway.Tests.Operations;
using ManagedGateway.Operations.Access;
using Microsoft.Playwright;

namespace As2.Gateway.Tests.Console;

/// <summary>The console as somebody sees it, from the first link on.</summary>
public sealed class ScreensTests
{
    private static readonly (string Path, string Heading)[] s_pages =
    [
        ("/", "Dashboard"), ("/messages", "Messages"), ("/messages?text=nothing-like-this", "Messages"), ("/messages/none", "Message"), ("/send", "Send a file"),
        ("/partners", "Partners"), ("/partner?local=US&partner=THEM", "THEM"), ("/partner/edit", "New partner"), ("/station?name=US", "US"), ("/accounts", "FTP accounts"), ("/organisations", "Organisations"), ("/usage", "Usage"),
        ("/alerts", "Alerts"), ("/notices", "Webhooks and mail"), ("/audit", "Audit"), ("/users", "Users"), ("/tokens", "API tokens"), ("/settings", "Settings"), ("/api-pages", "API"),
    ];

    private readonly List<string> _found = [];

    [Test]
    public async Task every_page_fits_and_asks_nothing_of_other_hosts()
    {
        await using var world = await ConsoleWorld.StartAsync();
        await using var browser = await Browser.StartAsync();
        var first = await browser.OpenAsync(world.Address, 1280, dark: false);
        await Screens.FirstRunAsync(first, world);
        var message = await TradeAsync(world);

        foreach (var (width, dark) in new[] { (1280, false), (390, true) })
        {
            var page = await browser.OpenAsync(world.Address, width, dark, first.Context);
            foreach (var (path, heading) in s_pages.Append(($"/messages/{message}", "order-3.edi")))
                await LookAsync(page, path, heading, $"{width}-{(dark ? "dark" : "light")}");
            await page.Context.CloseAsync();
        }
        Assert.That(browser.Complaints, Is.Empty);
        Assert.That(_found, Is.Empty, "axe-core");
    }

    [Test]
    public async Task an_operator_finds_a_message_and_sends_it_anew()
    {
        await using var world = await ConsoleWorld.StartAsync();
        await using var browser = await Browser.StartAsync();
        var message = await TradeAsync(world);
        world.Get<Users>().Add("test", new NewUser("ann", ConsoleWorld.Password, Role.Operator, "ACME"));
        var page = await browser.OpenAsync(world.Address, 1280, dark: false);

        await page.GotoAsync("/messages");
        await page.FillAsync("#name", "ann");
        await page.FillAsync("#password", ConsoleWorld.Password);
        await page.ClickAsync("button[type=submit]");
        await page.GetByLabel("Message-ID or file name").FillAsync("order-3");
        await page.GetByRole(AriaRole.Button, new() { Name = "Search" }).ClickAsync();
        // The address alone: the page moves within itself, and an event "load" may have been before.
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("text=order-3"));
        await Assertions.Expect(page.Locator("tbody tr")).ToHaveCountAsync(1);
        await page.Locator("tbody a").First.ClickAsync();
        await Assertions.Expect(page.GetByText("Confirmed")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Send anew" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Send anew" }).ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new Regex($"/messages/(?!{message})"));
        await Assertions.Expect(page.GetByText("Confirmed")).ToBeVisibleAsync(new() { Timeout = 30_000 });
        Assert.That(await page.GetByRole(AriaRole.Link, new() { Name = "Audit" }).CountAsync(), Is.Zero, "not an operator's page");
        Assert.That(browser.Complaints, Is.Empty);
    }

    /// <summary>Some messages that went well, one that did not; gives the last good one.</summary>
    private static async Task<string> TradeAsync(ConsoleWorld world)
    {
        using var program = world.Program(Role.Operator, "ACME");
        var last = "";
        for (var i = 1; i <= 3; i++)
        {
            last = await MessagesApiTests.SendAsync(program, RandomNumberGenerator.GetBytes(i * 3000), null, $"order-{i}.edi");
            await MessagesApiTests.WaitAsync(program, last, "Acknowledged");
        }
        return last;
    }

    private async Task LookAsync(IPage page, string path, string heading, string kind)
    {
        await page.GotoAsync(path);
        await Assertions.Expect(page.Locator(".page-head h1")).ToHaveTextAsync(heading);
        await Assertions.Expect(page.Locator(".mud-progress-linear")).ToHaveCountAsync(0);
        await Screens.ShootAsync(page, path.Length == 1 ? "dashboard" : Regex.Replace(path.StartsWith("/messages/0", StringComparison.Ordinal) ? "message" : path, "[^a-z-]+", ""), kind);
        var (wide, window) = (await page.EvaluateAsync<int>("document.documentElement.scrollWidth"), await page.EvaluateAsync<int>("window.innerWidth"));
        Assert.That(wide, Is.LessThanOrEqualTo(window), $"{path} at {kind} is wider than its window");
        _found.AddRange((await Accessibility.CheckAsync(page)).Select(f => $"{path} at {kind}: {f}"));
    }
}
