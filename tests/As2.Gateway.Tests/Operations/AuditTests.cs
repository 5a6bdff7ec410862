using System.Data.Common;
using System.Net;
using System.Net.Http.Json;
using As2.Testing;
using ManagedGateway.Operations.Access;
using ManagedGateway.Operations.Audit;
using ManagedGateway.Operations.Store;
using ManagedGateway.Stores;

namespace As2.Gateway.Tests.Operations;

[TestFixture(Kept.InFolder)]
[TestFixture(Kept.Shared)]
public sealed class AuditTests(Kept kept)
{
    [Test]
    public async Task every_change_of_users_and_tokens_is_a_line_and_the_lines_hold_together()
    {
        await using var world = await ConsoleWorld.StartAsync(kept: kept);
        using var browser = await world.SignedInAsync(Role.SecurityAdmin);
        (await browser.PostAsJsonAsync("/api/v1/users", new NewUser("ann", ConsoleWorld.Password, Role.Viewer, "ACME"))).EnsureSuccessStatusCode();
        var ann = world.Get<Users>().List().Single(u => u.Name == "ann").Number;
        (await browser.PostAsJsonAsync($"/api/v1/users/{ann}/password", new { Password = "another good password" })).EnsureSuccessStatusCode();
        (await browser.PostAsync($"/api/v1/users/{ann}/disable", null)).EnsureSuccessStatusCode();
        (await browser.PostAsJsonAsync("/api/v1/tokens", new NewToken("t", Role.Viewer))).EnsureSuccessStatusCode();

        var lines = world.Get<AuditLog>().List(null, 100);
        Assert.That(lines.Select(l => l.Action).Reverse(), Is.EqualTo((string[])["user.create", "sign-in", "user.create", "user.password", "user.disable", "token.create"]));
        Assert.That(string.Concat(lines), Does.Not.Contain("another good password"));
        var found = await browser.GetFromJsonAsync<ManagedGateway.Api.AuditVerification>("/api/v1/audit/verification");
        Assert.That(found, Is.EqualTo(new ManagedGateway.Api.AuditVerification(lines.Count, null)));
    }

    [Test]
    public void a_line_that_was_changed_or_taken_out_shows()
    {
        using var data = new TempFolder();
        using var database = Open(data);
        var log = new AuditLog(database, TimeProvider.System);
        for (var i = 0; i < 5; i++)
            log.Add("ann", "test", $"subject {i}", "");
        Assert.That(log.Verify(), Is.EqualTo((5L, (long?)null)));
        Assert.That(() => database.Change(s => s.Execute("UPDATE audit SET actor = 'bob' WHERE sequence = 2")), Throws.InstanceOf<DbException>(), "the log only grows");

        Disarm(database);
        database.Change(s => s.Execute("UPDATE audit SET actor = 'bob' WHERE sequence = 2"));
        Assert.That(log.Verify().Broken, Is.EqualTo(2));
        database.Change(s => s.Execute("UPDATE audit SET actor = 'ann' WHERE sequence = 2"));
        Assert.That(log.Verify().Broken, Is.Null);
        database.Change(s => s.Execute("DELETE FROM audit WHERE sequence = 3"));
        Assert.That(log.Verify().Broken, Is.EqualTo(4));
    }

    [Test]
    public void two_lines_never_have_the_same_octets()
    {
        using var data = new TempFolder();
        using var database = Open(data);
        var log = new AuditLog(database, TimeProvider.System);
        log.Add("a", "bc", "", "");
        Disarm(database);
        database.Change(s => s.Execute("UPDATE audit SET actor = 'ab', action = 'c'"));
        Assert.That(log.Verify().Broken, Is.EqualTo(1));
    }

    [Test]
    public void a_database_of_a_newer_gateway_is_refused_untouched()
    {
        using var data = new TempFolder();
        var settings = kept == Kept.InFolder ? null : Settings(data);
        using (var database = OperationsDatabase.Open(data.Path, settings, TimeProvider.System))
            database.Read(s => kept == Kept.InFolder ? s.Execute("PRAGMA user_version = 99") : s.Execute("INSERT INTO schema_version VALUES (99)"));
        Assert.That(() => OperationsDatabase.Open(data.Path, settings, TimeProvider.System), Throws.TypeOf<As2Exception>().With.Property("Id").EqualTo("GW-OPERATIONS-001"));
    }

    private OperationsDatabase Open(TempFolder data) => OperationsDatabase.Open(data.Path, kept == Kept.InFolder ? null : Settings(data), TimeProvider.System);

    private static StoreSettings Settings(TempFolder data)
        => System.Text.Json.JsonSerializer.Deserialize<StoreSettings>(SharedDatabase.NewStore(data["shared"]))!;

    // As somebody with the right to change tables would.
    private void Disarm(OperationsDatabase database) => database.Change(s => kept == Kept.InFolder
        ? s.Execute("DROP TRIGGER audit_is_not_changed; DROP TRIGGER audit_is_not_removed")
        : s.Execute("DROP TRIGGER audit_is_not_changed ON audit"));
}
