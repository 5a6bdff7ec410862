using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using As2.Certificates;
using As2.Ftp;
using As2.Gateway.Tests.Operations;
using As2.Testing;
using ManagedGateway.Operations.Alerts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace As2.Gateway.Tests.Console;

/// <summary>
/// What a team does on its first day, with the browser alone: administrator, organisation, station, partner by preset, connection test, a file by
/// FTPS, its receipt, a roll-over, an alert and its end.
/// </summary>
public sealed class WalkTests
{
    [Test]
    public async Task from_the_first_link_to_a_verified_receipt_and_a_scheduled_switch()
    {
        var data = new TempFolder();
        await using var world = await ConsoleWorld.StartBareAsync(data, await OutsidePartner.StartAsync());
        await using var browser = await Browser.StartAsync();
        var page = await browser.OpenAsync(world.Address, 1280, dark: false);
        await Screens.FirstRunAsync(page, world);

        await OrganiseAsync(page);
        await using var partner = await OutsidePartner.StartAsync(await StationCertificateAsync(page));
        await AddPartnerAsync(page, "THEM", partner.Endpoint, OutsidePartner.Theirs);
        await TestConnectionAsync(page);
        await SendAsync(world, await MakeAccountAsync(page));
        await SeeDeliveredAsync(page);
        await OnboardAsync(page, browser, world);
        await RollOverAsync(page);
        await SeeAlertAndItsEndAsync(page, world);
        Assert.That(browser.Complaints, Is.Empty);
    }

    private static async Task OrganiseAsync(IPage page)
    {
        await page.GotoAsync("/organisations");
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("Acme Ltd");
        await ClickAsync(page, "Add organisation");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Acme Ltd" })).ToBeVisibleAsync();
        await page.GetByLabel("AS2 name").FillAsync("US");
        await page.GetByLabel("Organisation", new() { Exact = true }).SelectOptionAsync("Acme Ltd");
        await ClickAsync(page, "Add station");
        await page.GetByRole(AriaRole.Link, new() { Name = "US", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator(".page-head h1")).ToHaveTextAsync("US");
    }

    /// <summary>Takes our certificate for the partner, as the partner would be given it.</summary>
    private static async Task<As2Certificate> StationCertificateAsync(IPage page)
    {
        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { NameRegex = new Regex("as pem$") }).ClickAsync());
        return CertificateFile.Parse(await File.ReadAllBytesAsync((await download.PathAsync())!));
    }

    private static async Task AddPartnerAsync(IPage page, string name, Uri? endpoint, As2Certificate certificate)
    {
        await page.GotoAsync("/partners");
        await page.GetByRole(AriaRole.Link, new() { Name = "New partner" }).ClickAsync();
        await page.GetByLabel("The partner's AS2 name").FillAsync(name);
        await page.GetByLabel("The partner's product").SelectOptionAsync("OpenAS2");
        await Assertions.Expect(page.GetByText("takes the MIC digest from the receipt options")).ToBeVisibleAsync();
        await UploadAsync(page, certificate);
        if (endpoint is not null)
        {
            await page.GetByLabel("Address", new() { Exact = true }).FillAsync(endpoint.AbsoluteUri);
            await page.Locator("summary", new() { HasText = "Connection" }).ClickAsync();
            await page.GetByLabel("AllowPrivateAddresses").SelectOptionAsync("true");
            await Screens.ShootAsync(page, "partner-new", "1280-light");
        }
        await ClickAsync(page, "Add partner");
        await Assertions.Expect(page.Locator(".page-head h1")).ToHaveTextAsync(name);
    }

    private static async Task UploadAsync(IPage page, As2Certificate certificate)
    {
        await page.GetByLabel("Certificate file").SetInputFilesAsync(new FilePayload
        {
            Name = "theirs.cer", MimeType = "application/pkix-cert", Buffer = Encoding.ASCII.GetBytes(CertificateFile.ToPem(certificate)),
        });
        await Assertions.Expect(page.GetByText("theirs.cer is taken")).ToBeVisibleAsync();
    }

    private static async Task TestConnectionAsync(IPage page)
    {
        await ClickAsync(page, "With a message", agree: "Send it");
        await Assertions.Expect(page.GetByText("receipt verified")).ToBeVisibleAsync();
        await Screens.ShootAsync(page, "partner-tested", "1280-light");
    }

    private static async Task<string> MakeAccountAsync(IPage page)
    {
        await page.GotoAsync("/accounts");
        await page.GetByLabel("User name").FillAsync("them");
        await ClickAsync(page, "Make account");
        return (await page.Locator(".secret .code").TextContentAsync())!.Trim();
    }

    private static async Task SendAsync(ConsoleWorld world, string password)
    {
        var options = world.Gateway.GetRequiredService<ManagedGateway.GatewayOptions>();
        await using var client = await FtpClient.ConnectAsync(new FtpClientOptions
        {
            Host = "127.0.0.1", Port = options.Port!.Value + 1, User = "them", Password = password, Trust = FtpTrust.Pinned(world.FtpsPin),
        });
        await client.UploadAsync("/outbox/order-1.edi", new MemoryStream("UNB+UNOA:1+US+THEM'"u8.ToArray()), default);
    }

    private static async Task SeeDeliveredAsync(IPage page)
    {
        await page.GotoAsync("/messages");
        await Assertions.Expect(page.GetByText("order-1.edi")).ToBeVisibleAsync();
        await page.Locator("tbody a").First.ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status).GetByText("Acknowledged")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("Confirmed")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("the same", new() { Exact = true })).ToBeVisibleAsync();
    }

    /// <summary>The partner looks without a session: every step that was done is ticked.</summary>
    private static async Task OnboardAsync(IPage page, Browser browser, ConsoleWorld world)
    {
        await page.GotoAsync("/partner?local=US&partner=THEM");
        await ClickAsync(page, "Make link");
        var link = (await page.Locator(".secret .code").TextContentAsync())!.Trim();
        var theirs = await browser.OpenAsync(world.Address, 390, dark: false);
        await theirs.GotoAsync(link);
        await Assertions.Expect(theirs.Locator("#steps li.good")).ToHaveCountAsync(3);
        await Assertions.Expect(theirs.GetByText("A message of ours reached you")).ToBeVisibleAsync();
        var download = await theirs.RunAndWaitForDownloadAsync(() => theirs.GetByRole(AriaRole.Link, new() { NameRegex = new Regex("as p7b$") }).First.ClickAsync());
        Assert.That(CertificateFile.Parse(await File.ReadAllBytesAsync((await download.PathAsync())!)).Certificate.HasPrivateKey, Is.False);
        Assert.That(await Accessibility.CheckAsync(theirs), Is.Empty);
        await Screens.ShootAsync(theirs, "onboarding", "390-light");
        await theirs.SetViewportSizeAsync(1280, 900);
        await Screens.ShootAsync(theirs, "onboarding", "1280-light");
    }

    private static async Task RollOverAsync(IPage page)
    {
        await page.GotoAsync("/station?name=US");
        var switchAt = DateTime.UtcNow.AddDays(7);
        await page.GetByLabel("Switch at, UTC").FillAsync(switchAt.ToString("yyyy-MM-ddTHH:mm", CultureInfo.InvariantCulture));
        await ClickAsync(page, "Schedule the switch");
        await Assertions.Expect(page.GetByText("scheduled", new() { Exact = true })).ToBeVisibleAsync();
        await Screens.ShootAsync(page, "station-rollover", "1280-light");
    }

    /// <summary>A partner's only certificate ends soon; the next one ends the alert.</summary>
    private static async Task SeeAlertAndItsEndAsync(IPage page, ConsoleWorld world)
    {
        using var ending = CertificateFactory.CreateSelfSigned("LATE", DateTimeOffset.UtcNow.AddHours(-1), TimeSpan.FromDays(10), CertificateKeyKind.P256);
        await AddPartnerAsync(page, "LATE", null, ending);
        await world.Get<AlertEngine>().LookAsync(default);
        await page.GotoAsync("/alerts");
        var open = page.GetByLabel("Open alerts");
        await Assertions.Expect(open).ToContainTextAsync("US → LATE");
        await Screens.ShootAsync(page, "alert-open", "1280-light");

        await page.GotoAsync("/partner?local=US&partner=LATE");
        await UploadAsync(page, OutsidePartner.Theirs);
        await ClickAsync(page, "Add certificate");
        await Assertions.Expect(page.GetByLabel("Certificates of LATE").Locator("tbody tr")).ToHaveCountAsync(2);
        await world.Get<AlertEngine>().LookAsync(default);
        await page.GotoAsync("/alerts");
        await Assertions.Expect(page.GetByLabel("Resolved alerts")).ToContainTextAsync("US → LATE");
        await Assertions.Expect(open).Not.ToContainTextAsync("US → LATE");
        await Screens.ShootAsync(page, "alert-resolved", "1280-light");
    }

    private static async Task ClickAsync(IPage page, string button, string? agree = null)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync();
        if (agree is not null)
            await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = agree, Exact = true }).ClickAsync();
    }
}
