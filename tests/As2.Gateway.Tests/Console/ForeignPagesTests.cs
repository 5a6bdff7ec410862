using As2.Gateway.Tests.Api;
using As2.Gateway.Tests.Operations;
using As2.Payloads;
using ManagedGateway.Operations.Access;
using Microsoft.Playwright;

namespace As2.Gateway.Tests.Console;

/// <summary>Pages over their circuits: what is another organisation's does not show, and what came from outside is text.</summary>
public sealed class ForeignPagesTests
{
    private const string Hostile = "<img src=x onerror=window.taken=1>";

    private static readonly string[] s_pages =
    [
        "/", "/messages", "/messages?text=secret-order", "/messages?local=US", "/partners", "/partner?local=US&partner=THEM", "/partner/edit?local=US&partner=THEM", "/station?name=US", "/accounts",
        "/organisations", "/usage", "/alerts", "/notices", "/settings", "/send",
    ];

    [Test]
    public async Task no_page_shows_another_organisations_partner_message_or_account()
    {
        await using var world = await ConsoleWorld.StartAsync();
        await using var browser = await Browser.StartAsync();
        var id = await SendAsync(world, "secret-order.edi");
        var page = await browser.OpenAsync(world.Address, 1280, dark: false);
        await SignInAsync(page, world, Role.PartnerAdmin, "OTHER");
        foreach (var path in s_pages.Append($"/messages/{id}"))
        {
            await OpenAsync(page, path);
            var text = await page.Locator("main").InnerTextAsync();
            // The title repeats the address, nothing more is told.
            if (path.Contains("US", StringComparison.Ordinal) && (text.Contains("There is no such", StringComparison.Ordinal) || text.Contains("GW-CHANGE-003", StringComparison.Ordinal)))
                continue;
            Assert.That(text, Does.Not.Contain("THEM").And.Not.Contain("secret-order").And.Not.Contain("tester").And.Not.Contain("US →"), path);
        }
        // A role that shrinks while pages are open closes what it does not open any more.
        var user = world.Get<Users>().List().Single(u => u.Organisation == "OTHER");
        await OpenAsync(page, "/partners");
        world.Get<Users>().Change("test", user.Number, new UserChange(Role.Viewer, "OTHER"));
        Assert.That((await page.GotoAsync("/notices"))!.Status, Is.EqualTo(403));
    }

    [Test]
    public async Task a_text_from_outside_is_text_on_every_page()
    {
        await using var world = await ConsoleWorld.StartAsync();
        await using var browser = await Browser.StartAsync();
        var (sender, partnership) = OutsidePartner.SenderTo(world.As2Address);
        using (sender)
            await sender.SendAsync(Payload.FromBytes("UNB"u8.ToArray(), Hostile + ".edi"), partnership, default);
        var sent = await SendAsync(world, Hostile + ".edi");
        var page = await browser.OpenAsync(world.Address, 1280, dark: false);
        await SignInAsync(page, world, Role.SecurityAdmin, null);
        foreach (var path in (string[])["/messages", $"/messages?text={Uri.EscapeDataString(Hostile)}", $"/messages/{sent}", "/audit", $"/messages?partner={Uri.EscapeDataString(Hostile)}", $"/partner?local=US&partner={Uri.EscapeDataString(Hostile)}", "/", "/usage"])
        {
            await OpenAsync(page, path);
            Assert.That(await page.EvaluateAsync<int>("window.taken ?? 0"), Is.Zero, path);
            Assert.That(await page.Locator("img[src=x]").CountAsync(), Is.Zero, path);
        }
        await OpenAsync(page, "/messages");
        Assert.That(await page.Locator("tbody tr").AllInnerTextsAsync(), Has.Some.Contain("<img"), "it shows as what it is");
    }

    private static async Task<string> SendAsync(ConsoleWorld world, string name)
    {
        using var program = world.Program(Role.Operator, "ACME");
        var id = await MessagesApiTests.SendAsync(program, "UNA"u8.ToArray(), null, name);
        await MessagesApiTests.WaitAsync(program, id, "Acknowledged");
        return id;
    }

    private static async Task SignInAsync(IPage page, ConsoleWorld world, Role role, string? organisation)
    {
        world.Get<Users>().Add("test", new NewUser("ann", ConsoleWorld.Password, role, organisation));
        await page.GotoAsync("/sign-in");
        await page.FillAsync("#name", "ann");
        await page.FillAsync("#password", ConsoleWorld.Password);
        await page.ClickAsync("button[type=submit]");
        await Assertions.Expect(page.Locator(".page-head h1")).ToHaveTextAsync("Dashboard");
    }

    private static async Task OpenAsync(IPage page, string path)
    {
        await page.GotoAsync(path);
        await Assertions.Expect(page.Locator("main h1, main [role=alert], main .mud-alert").First).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator(".mud-progress-linear")).ToHaveCountAsync(0);
    }
}
