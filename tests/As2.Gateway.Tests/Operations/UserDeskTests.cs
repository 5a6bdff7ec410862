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
                new[] { IdOf(() => desk.List(caller)), IdOf(() => desk.Add(caller, user)), IdOf(() => desk.SetPassword(caller, 1, ConsoleWorld.Password)), IdOf(() => desk.Disable(caller, 1, true)) },
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
}
