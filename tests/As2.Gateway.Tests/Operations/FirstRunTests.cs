using System.Net;
using As2.Testing;
using ManagedGateway.Operations.Access;

namespace As2.Gateway.Tests.Operations;

/// <summary>The way in while nobody has one.</summary>
[TestFixture(Kept.InFolder)]
[TestFixture(Kept.Shared)]
public sealed class FirstRunTests(Kept kept)
{
    [Test]
    public async Task the_link_makes_one_administrator_who_is_signed_in_and_then_is_dead()
    {
        await using var world = await ConsoleWorld.StartAsync(kept: kept);
        using var browser = world.Browser();
        Assert.That(world.Link, Is.Not.Null);

        var made = await ConsoleWorld.SubmitAsync(browser, world.Link!, ("Name", "root"), ("Password", ConsoleWorld.Password), ("Again", ConsoleWorld.Password));
        Assert.That(made.StatusCode, Is.EqualTo(HttpStatusCode.Found), await made.Content.ReadAsStringAsync());
        Assert.That(await browser.GetStringAsync("/api/v1/me"), Does.Contain("root").And.Contain("SecurityAdmin"));
        using var late = world.Browser();
        Assert.That(await late.GetStringAsync(world.Link), Does.Contain("not good any more").And.Not.Contain("<form"));
        Assert.That(world.Get<FirstRun>().Open(), Is.Null, "no new link while there is an administrator");
    }

    [TestCase("short", "short", "12 to 256")]
    [TestCase("correct horse battery staple", "correct horse battery stable", "differ")]
    public async Task a_bad_password_is_told_and_the_link_stays_good(string password, string again, string told)
    {
        await using var world = await ConsoleWorld.StartAsync(kept: kept);
        using var browser = world.Browser();
        var answer = await ConsoleWorld.SubmitAsync(browser, world.Link!, ("Name", "root"), ("Password", password), ("Again", again));
        Assert.That(await answer.Content.ReadAsStringAsync(), Does.Contain(told));
        Assert.That(world.Get<Users>().Any(), Is.False);
        Assert.That(world.Get<FirstRun>().IsGood(world.Link!.Split("link=")[1]));
    }

    [Test]
    public async Task the_link_is_good_for_an_hour_and_no_other_word_is()
    {
        var clock = new ManualTime();
        await using var world = await ConsoleWorld.StartAsync(clock: clock, kept: kept);
        var (first, word) = (world.Get<FirstRun>(), world.Link!.Split("link=")[1]);
        clock.Advance(TimeSpan.FromMinutes(59));
        Assert.That(first.IsGood(word));
        Assert.That(first.IsGood(word + "x"), Is.False);
        clock.Advance(TimeSpan.FromMinutes(2));
        Assert.That(first.IsGood(word), Is.False);
        Assert.That(() => first.Use(word, "root", ConsoleWorld.Password), Throws.TypeOf<As2Exception>().With.Property("Id").EqualTo("GW-USER-003"));
    }

    [Test]
    public async Task nobody_gets_in_before_there_is_an_administrator()
    {
        await using var world = await ConsoleWorld.StartAsync(kept: kept);
        using var browser = world.Browser();
        foreach (var (name, password) in (ReadOnlySpan<(string, string)>)[("admin", "admin"), ("", ""), ("root", "")])
            Assert.That(world.Get<Users>().SignIn(name, password), Is.Null);
        Assert.That((await browser.GetAsync("/")).Headers.Location?.ToString(), Does.StartWith("/sign-in"));
    }
}
