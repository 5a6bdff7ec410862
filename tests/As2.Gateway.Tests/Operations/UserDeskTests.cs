using System.Net.Http.Json;
using ManagedGateway.Operations.Access;

namespace As2.Gateway.Tests.Operations;

/// <summary>Users as pages and programs handle them.</summary>
[TestFixture(Kept.InFolder)]
[TestFixture(Kept.Shared)]
public sealed class UserDeskTests(Kept kept)
{
    private static string IdOf(Action action) => Assert.Throws<As2Exception>(action)!.Id;

    [Test]
    public async Task the_desk_itself_refuses_too_small_a_role()
    {
        await using var world = await ConsoleWorld.StartAsync(kept: kept);
        var (desk, user) = (world.Get<UserDesk>(), new NewUser("ann", ConsoleWorld.Password, Role.Viewer));
        foreach (var role in new[] { Role.Viewer, Role.Operator, Role.PartnerAdmin })
        {
            var caller = new Caller(1, "x", role, null);
            Assert.That(
                new[] { IdOf(() => desk.List(caller)), IdOf(() => desk.Add(caller, user)), IdOf(() => desk.SetPassword(caller, 1, ConsoleWorld.Password)), IdOf(() => desk.Disable(caller, 1, true)), IdOf(() => desk.Invite(caller, 1)), IdOf(() => desk.Change(caller, 1, new UserChange(Role.Viewer))) },
                Is.All.EqualTo("GW-ROLE-001"), $"{role}");
        }
        Assert.That(world.Get<Users>().List(), Is.Empty);
        Assert.That(IdOf(() => desk.Add(new Caller(1, "root", Role.SecurityAdmin, null), user with { Organisation = "nobody" })), Is.EqualTo("GW-USER-001"));
    }

    [Test]
    public async Task a_user_changes_the_own_password_by_the_present_one()
    {
        await using var world = await ConsoleWorld.StartAsync(kept: kept);
        var (desk, users) = (world.Get<UserDesk>(), world.Get<Users>());
        var ann = users.Add("test", new NewUser("ann", ConsoleWorld.Password, Role.Viewer));
        var session = world.Get<Sessions>().Start(new Caller(ann.Number, ann.Name, ann.Role, null));
        var caller = world.Get<Sessions>().Find(session)!;
        Assert.That(IdOf(() => desk.ChangeOwn(caller, "something else", "another long password")), Is.EqualTo("GW-USER-001"));
        desk.ChangeOwn(caller, ConsoleWorld.Password, "another long password");
        Assert.That(users.SignIn("ann", ConsoleWorld.Password), Is.Null);
        Assert.That(users.SignIn("ann", "another long password"), Is.Not.Null);
        Assert.That(world.Get<Sessions>().Find(session), Is.Null, "every session ended");
    }

    [Test]
    public async Task a_role_and_an_organisation_change_at_once_and_one_security_administrator_stays()
    {
        await using var world = await ConsoleWorld.StartAsync();
        var (desk, users, sessions) = (world.Get<UserDesk>(), world.Get<Users>(), world.Get<Sessions>());
        var root = users.Add("test", new NewUser("root", ConsoleWorld.Password, Role.SecurityAdmin));
        var ann = users.Add("test", new NewUser("ann", ConsoleWorld.Password, Role.PartnerAdmin));
        var (caller, word) = (new Caller(root.Number, "root", Role.SecurityAdmin, null), sessions.Start(new Caller(ann.Number, "ann", ann.Role, null)));
        var token = world.Get<ApiTokens>().Add(sessions.Find(word)!, new NewToken("t", Role.PartnerAdmin)).Secret;

        desk.Change(caller, ann.Number, new UserChange(Role.Viewer, "ACME"));
        var now = sessions.Find(word)!;
        Assert.That((now.Role, now.Organisation), Is.EqualTo((Role.Viewer, "ACME")), "an open session");
        Assert.That(world.Get<ApiTokens>().Find(token), Is.Null, "a token of the whole gateway");
        Assert.That(world.Get<ManagedGateway.Operations.Audit.AuditLog>().List(null, 1)[0].ToString(), Does.Contain("user.change").And.Contain("PartnerAdmin → Viewer").And.Contain("all → ACME"));

        Assert.That(IdOf(() => desk.Change(caller, root.Number, new UserChange(Role.Viewer))), Is.EqualTo("GW-USER-004"), "the last one");
        Assert.That(IdOf(() => desk.Change(caller, ann.Number, new UserChange(Role.SecurityAdmin, "ACME"))), Is.EqualTo("GW-USER-001"));
        Assert.That(IdOf(() => desk.Change(caller, ann.Number, new UserChange(Role.Viewer, "nobody"))), Is.EqualTo("GW-USER-001"));
        Assert.That(IdOf(() => desk.Change(caller, 99, new UserChange(Role.Viewer))), Is.EqualTo("GW-USER-004"));
        desk.Change(caller, ann.Number, new UserChange(Role.SecurityAdmin));
        desk.Change(caller, root.Number, new UserChange(Role.Viewer));
    }

    [Test]
    public async Task a_link_lets_a_user_choose_the_password_once()
    {
        var clock = new As2.Testing.ManualTime();
        await using var world = await ConsoleWorld.StartAsync(clock: clock);
        using var admin = await world.SignedInAsync(Role.SecurityAdmin);
        var added = await (await admin.PostAsJsonAsync("/api/v1/users", new { Name = "ann", Role = "Viewer" })).Content.ReadFromJsonAsync<System.Text.Json.Nodes.JsonNode>();
        var number = added!["number"]!.GetValue<long>();
        async Task<string> InviteAsync() => (await (await admin.PostAsync($"/api/v1/users/{number}/invitation", null)).Content.ReadFromJsonAsync<System.Text.Json.Nodes.JsonNode>())!["path"]!.GetValue<string>();
        var (old, path) = (await InviteAsync(), await InviteAsync());
        using var ann = world.Browser();
        Assert.That(await ann.GetStringAsync(old), Does.Contain("not good any more"), "a newer one was made");

        Assert.That(await (await ConsoleWorld.SubmitAsync(ann, path, ("Password", "short"), ("Again", "short"))).Content.ReadAsStringAsync(), Does.Contain("12 to 256"));
        var entered = await ConsoleWorld.SubmitAsync(ann, path, ("Password", "a word of my own"), ("Again", "a word of my own"));
        Assert.That(entered.StatusCode, Is.EqualTo(System.Net.HttpStatusCode.Found));
        Assert.That(await ann.GetStringAsync("/api/v1/me"), Does.Contain("\"ann\""));
        Assert.That(await ann.GetStringAsync(path), Does.Contain("not good any more"), "used");

        var again = await InviteAsync();
        Assert.That(world.Get<Users>().SignIn("ann", "a word of my own"), Is.Null, "a reset ends the password");
        Assert.That((await ann.GetAsync("/api/v1/me")).StatusCode, Is.EqualTo(System.Net.HttpStatusCode.Unauthorized), "and the sessions");
        clock.Advance(Invitations.Lifetime);
        Assert.That(await ann.GetStringAsync(again), Does.Contain("not good any more"), "out of date");
    }
}
