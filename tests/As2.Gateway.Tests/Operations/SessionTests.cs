using System.Net;
using System.Net.Http.Json;
using As2.Testing;
using ManagedGateway.Operations.Access;

namespace As2.Gateway.Tests.Operations;

/// <summary>Passwords, cookies and what other sites try.</summary>
[TestFixture(Kept.InFolder)]
[TestFixture(Kept.Shared)]
public sealed class SessionTests(Kept kept)
{
    [Test]
    public async Task five_wrong_passwords_lock_a_name_and_time_opens_it_again()
    {
        var clock = new ManualTime();
        await using var world = await ConsoleWorld.StartAsync(clock: clock, kept: kept);
        var users = world.Get<Users>();
        users.Add("test", new NewUser("ann", ConsoleWorld.Password, Role.Viewer));
        for (var i = 0; i < Users.MaxFailures; i++)
            Assert.That(users.SignIn("ann", "wrong wrong wrong"), Is.Null);
        Assert.That(users.SignIn("ann", ConsoleWorld.Password), Is.Null, "locked");
        clock.Advance(Users.LockTime);
        Assert.That(users.SignIn("ANN", ConsoleWorld.Password)?.Name, Is.EqualTo("ann"));
    }

    [Test]
    public async Task the_cookie_is_httponly_and_samesite_and_never_the_one_that_came()
    {
        await using var world = await ConsoleWorld.StartAsync(kept: kept);
        world.Get<Users>().Add("test", new NewUser("ann", ConsoleWorld.Password, Role.Viewer));
        using var browser = world.Browser();
        browser.DefaultRequestHeaders.Add("Cookie", $"{CallerAuthentication.CookieName}=planted");
        var answer = await ConsoleWorld.SubmitAsync(browser, "/sign-in?next=//evil.example/", ("Name", "ann"), ("Password", ConsoleWorld.Password));
        var cookie = answer.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith(CallerAuthentication.CookieName, StringComparison.Ordinal));
        Assert.That(cookie, Does.Contain("httponly").And.Contain("samesite=strict").And.Not.Contain("planted"));
        Assert.That(answer.Headers.Location?.ToString(), Is.EqualTo("/").Or.EqualTo(world.Address.ToString()), "only to ourselves");
        Assert.That(world.Get<Sessions>().Find("planted"), Is.Null);
    }

    [Test]
    public async Task each_sign_in_is_another_session_and_https_makes_the_cookie_secure()
    {
        await using var world = await ConsoleWorld.StartAsync(adapt: file => file["Console"]!["Certificate"] = "keys/ftps.pem");
        world.Get<Users>().Add("test", new NewUser("ann", ConsoleWorld.Password, Role.Viewer));
        Assert.That(world.Address.Scheme, Is.EqualTo("https"));
        using var browser = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false, UseCookies = true, SslOptions = new() { RemoteCertificateValidationCallback = (_, certificate, _, _) => world.FtpsPin.Equals(certificate!.GetCertHashString(System.Security.Cryptography.HashAlgorithmName.SHA256), StringComparison.OrdinalIgnoreCase) },
        })
        {
            BaseAddress = world.Address,
        };
        browser.DefaultRequestHeaders.Add("Origin", world.Address.GetLeftPart(UriPartial.Authority));
        var words = new List<string>();
        for (var i = 0; i < 2; i++)
        {
            var answer = await ConsoleWorld.SubmitAsync(browser, "/sign-in", ("Name", "ann"), ("Password", ConsoleWorld.Password));
            var cookie = answer.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith(CallerAuthentication.CookieName, StringComparison.Ordinal));
            Assert.That(cookie, Does.Contain("; secure"));
            words.Add(cookie.Split(';')[0]);
        }
        Assert.That(words[0], Is.Not.EqualTo(words[1]), "the session that was there is not gone on with");
    }

    [Test]
    public async Task signing_out_and_disabling_end_a_session_on_the_server()
    {
        await using var world = await ConsoleWorld.StartAsync(kept: kept);
        using var leaver = await world.SignedInAsync(Role.Viewer);
        Assert.That((await leaver.GetAsync("/api/v1/me")).StatusCode, Is.EqualTo(HttpStatusCode.OK));
        await ConsoleWorld.SubmitAsync(leaver, "/sign-out");
        Assert.That((await leaver.GetAsync("/api/v1/me")).StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));

        using var disabled = await world.SignedInAsync(Role.Operator);
        world.Get<Users>().Disable("test", world.Get<Users>().List().Single(u => u.Role == Role.Operator).Number, disabled: false);
        Assert.That((await disabled.GetAsync("/api/v1/me")).StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [Test]
    public async Task a_session_ends_when_idle_and_at_the_latest_after_twelve_hours()
    {
        var clock = new ManualTime();
        await using var world = await ConsoleWorld.StartAsync(clock: clock, kept: kept);
        var user = world.Get<Users>().Add("test", new NewUser("ann", ConsoleWorld.Password, Role.Viewer));
        var sessions = world.Get<Sessions>();
        var (busy, idle) = (sessions.Start(new Caller(user.Number, "ann", Role.Viewer, null)), sessions.Start(new Caller(user.Number, "ann", Role.Viewer, null)));
        for (var minutes = 0; minutes < 11 * 60; minutes += 20)
        {
            clock.Advance(TimeSpan.FromMinutes(20));
            Assert.That(sessions.Find(busy), Is.Not.Null);
        }
        Assert.That(sessions.Find(idle), Is.Null);
        clock.Advance(TimeSpan.FromMinutes(20));
        Assert.That(sessions.Find(busy), Is.Not.Null);
        clock.Advance(TimeSpan.FromMinutes(29));
        clock.Advance(TimeSpan.FromMinutes(29));
        Assert.That(sessions.Find(busy), Is.Null);
    }

    [Test]
    public async Task what_another_site_makes_a_browser_do_is_refused()
    {
        await using var world = await ConsoleWorld.StartAsync(kept: kept);
        using var browser = await world.SignedInAsync(Role.SecurityAdmin);
        var user = new NewUser("eve", ConsoleWorld.Password, Role.SecurityAdmin);
        foreach (var origin in (string[])["https://evil.example", "null", "http://127.0.0.1:1", ""])
        {
            browser.DefaultRequestHeaders.Remove("Origin");
            if (origin.Length > 0)
                browser.DefaultRequestHeaders.TryAddWithoutValidation("Origin", origin);
            Assert.That((await browser.PostAsJsonAsync("/api/v1/users", user)).StatusCode, Is.EqualTo(HttpStatusCode.Forbidden), origin);
        }
        // A form without its token is refused even from here.
        using var ours = await world.SignedInAsync(Role.Viewer);
        var bare = await ours.PostAsync("/sign-out", new FormUrlEncodedContent([KeyValuePair.Create("_handler", "sign-out")]));
        Assert.That(bare.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(world.Get<Users>().List().Select(u => u.Name), Has.None.EqualTo("eve"));
    }

    [Test]
    public async Task a_host_name_that_is_not_ours_is_refused()
    {
        await using var world = await ConsoleWorld.StartAsync(kept: kept);
        using var browser = world.Browser();
        browser.DefaultRequestHeaders.Host = "rebound.example";
        Assert.That((await browser.GetAsync("/sign-in")).StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
    }

    [Test]
    public async Task one_address_has_thirty_tries_a_minute()
    {
        await using var world = await ConsoleWorld.StartAsync(kept: kept);
        using var browser = world.Browser();
        var answers = new List<HttpStatusCode>();
        for (var i = 0; i <= SignInLimit.PerMinute; i++)
            answers.Add((await browser.GetAsync("/sign-in")).StatusCode);
        Assert.That(answers[^1], Is.EqualTo(HttpStatusCode.TooManyRequests));
        Assert.That(answers[0], Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task behind_a_trusted_proxy_each_caller_has_tries_of_its_own_and_pages_are_of_the_scheme_that_browsers_see()
    {
        await using var world = await ConsoleWorld.StartAsync(
            adapt: file => file["Listen"] = new System.Text.Json.Nodes.JsonObject { ["TrustedProxies"] = new System.Text.Json.Nodes.JsonArray("127.0.0.1") }, kept: kept);
        Assert.That(await TriesAsync(world, "192.0.2.7"), Is.EqualTo(SignInLimit.PerMinute));
        Assert.That(await TriesAsync(world, "192.0.2.8"), Is.EqualTo(SignInLimit.PerMinute));

        world.Get<Users>().Add("test", new NewUser("ann", ConsoleWorld.Password, Role.Viewer));
        using var browser = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = world.Address };
        browser.DefaultRequestHeaders.Add("X-Forwarded-For", "192.0.2.9");
        browser.DefaultRequestHeaders.Add("X-Forwarded-Proto", "https");
        browser.DefaultRequestHeaders.Add("Origin", $"https://{world.Address.Authority}");
        var page = await browser.GetAsync("/sign-in");
        browser.DefaultRequestHeaders.Add("Cookie", page.Headers.GetValues("Set-Cookie").Single().Split(';')[0]);
        var fields = ConsoleWorld.Hidden(await page.Content.ReadAsStringAsync()).Append(new("Name", "ann")).Append(new("Password", ConsoleWorld.Password));
        var answer = await browser.PostAsync("/sign-in", new FormUrlEncodedContent(fields));
        Assert.That(answer.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith(CallerAuthentication.CookieName, StringComparison.Ordinal)), Does.Contain("; secure"));
    }

    [Test]
    public async Task what_a_caller_says_of_its_address_is_nothing_without_a_trusted_proxy()
    {
        await using var world = await ConsoleWorld.StartAsync(kept: kept);
        Assert.That(await TriesAsync(world, "192.0.2.7"), Is.EqualTo(SignInLimit.PerMinute));
        Assert.That(await TriesAsync(world, "192.0.2.8"), Is.Zero);
    }

    // How many are let in, of one more than a minute has.
    private static async Task<int> TriesAsync(ConsoleWorld world, string address)
    {
        using var browser = world.Browser();
        browser.DefaultRequestHeaders.Add("X-Forwarded-For", address);
        var taken = 0;
        for (var i = 0; i <= SignInLimit.PerMinute; i++)
            taken += (await browser.GetAsync("/sign-in")).StatusCode == HttpStatusCode.OK ? 1 : 0;
        return taken;
    }

    [Test]
    public async Task the_listener_is_of_this_machine_and_not_the_as2_port()
    {
        await using var world = await ConsoleWorld.StartAsync(kept: kept);
        Assert.That(IPAddress.IsLoopback(IPAddress.Parse(world.Address.Host)));
        Assert.That(() => new ManagedGateway.Operations.ConsoleSettings { Address = "0.0.0.0" }.Check(), Throws.TypeOf<As2Exception>().With.Property("Id").EqualTo("GW-CONSOLE-001"));
    }
}
