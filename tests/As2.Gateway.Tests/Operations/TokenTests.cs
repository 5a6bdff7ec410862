using System.Net;
using System.Net.Http.Json;
using As2.Testing;
using ManagedGateway.Operations.Access;
using ManagedGateway.Operations.Store;
using Microsoft.Extensions.DependencyInjection;

namespace As2.Gateway.Tests.Operations;

[TestFixture(Kept.InFolder)]
[TestFixture(Kept.Shared)]
public sealed class TokenTests(Kept kept)
{
    [Test]
    public async Task a_token_opens_the_api_until_it_expires_or_its_owner_rests()
    {
        var clock = new ManualTime();
        await using var world = await ConsoleWorld.StartAsync(clock: clock, kept: kept);
        var user = world.Get<Users>().Add("test", new NewUser("ann", ConsoleWorld.Password, Role.Operator));
        var owner = new Caller(user.Number, "ann", Role.Operator, null) { Session = "s" };
        world.Get<Users>().Add("test", new NewUser("root", ConsoleWorld.Password, Role.SecurityAdmin));
        using var brief = world.Program(world.Get<ApiTokens>().Add(owner, new NewToken("brief", Role.Viewer, Days: 1)).Secret);
        using var lasting = world.Program(world.Get<ApiTokens>().Add(owner, new NewToken("lasting", Role.Viewer, Days: 10)).Secret);

        Assert.That(await brief.GetStringAsync("/api/v1/me"), Does.Contain("ann/brief").And.Contain("Viewer"));
        clock.Advance(TimeSpan.FromDays(2));
        Assert.That((await brief.GetAsync("/api/v1/me")).StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That((await lasting.GetAsync("/api/v1/me")).StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await lasting.GetAsync("/")).StatusCode, Is.Not.EqualTo(HttpStatusCode.InternalServerError));
        world.Get<Users>().Disable("test", user.Number, disabled: true);
        Assert.That((await lasting.GetAsync("/api/v1/me")).StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [Test]
    public async Task a_token_allows_no_more_than_its_owner_and_makes_no_other()
    {
        await using var world = await ConsoleWorld.StartAsync(kept: kept);
        using var browser = await world.SignedInAsync(Role.Operator, "ACME");
        Assert.That((await browser.PostAsJsonAsync("/api/v1/tokens", new NewToken("more", Role.PartnerAdmin))).StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That((await browser.PostAsJsonAsync("/api/v1/tokens", new NewToken("wider", Role.Viewer, "OTHER"))).StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That((await browser.PostAsJsonAsync("/api/v1/tokens", new NewToken("eternal", Role.Viewer, Days: 10_000))).StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        var made = await browser.PostAsJsonAsync("/api/v1/tokens", new NewToken("fine", Role.Viewer));
        Assert.That(made.StatusCode, Is.EqualTo(HttpStatusCode.Created), await made.Content.ReadAsStringAsync());
        var token = (await made.Content.ReadFromJsonAsync<ManagedGateway.Api.MadeToken>())!;
        using var program = world.Program(token.Secret);
        Assert.That(await program.GetStringAsync("/api/v1/me"), Does.Contain("ACME"));
        Assert.That((await program.PostAsJsonAsync("/api/v1/tokens", new NewToken("child", Role.Viewer))).StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
    }

    [Test]
    public async Task no_secret_lies_in_the_data_folder()
    {
        await using var world = await ConsoleWorld.StartAsync(kept: kept);
        using var browser = await world.SignedInAsync(Role.SecurityAdmin);
        var token = (await (await browser.PostAsJsonAsync("/api/v1/tokens", new NewToken("t", Role.Viewer))).Content.ReadFromJsonAsync<ManagedGateway.Api.MadeToken>())!;
        if (kept == Kept.Shared)
        {
            Assert.That(File.Exists(Path.Combine(world.Data, SqliteOperations.FileName)), Is.False, "it is in the database");
            var rows = world.Gateway.GetRequiredService<OperationsDatabase>().Read(s => s.All(
                "SELECT t::text FROM token t UNION ALL SELECT s::text FROM session s UNION ALL SELECT a::text FROM audit a", row => row.GetString(0)));
            Assert.That(string.Concat(rows), Does.Contain("token.create").And.Not.Contain(token.Secret[ApiTokens.Prefix.Length..]));
            return;
        }
        var folder = string.Concat(Directory.EnumerateFiles(world.Data, SqliteOperations.FileName + "*").Select(Read));
        Assert.That(folder, Does.Contain("token.create"));
        Assert.That(folder, Does.Not.Contain(token.Secret).And.Not.Contain(ConsoleWorld.Password).And.Not.Contain(token.Secret[ApiTokens.Prefix.Length..]));
        if (!OperatingSystem.IsWindows())
            Assert.That(File.GetUnixFileMode(Path.Combine(world.Data, SqliteOperations.FileName)), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    private static string Read(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(stream, System.Text.Encoding.Latin1);
        return reader.ReadToEnd();
    }
}
