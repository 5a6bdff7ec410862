using System.Net;
using System.Reflection;
using System.Text;
using ManagedGateway.Operations.Access;
using Microsoft.AspNetCore.Routing;

namespace As2.Gateway.Tests.Operations;

/// <summary>The inputs that a console must stand, each with the tests that try it.</summary>
public sealed class ThreatTests
{
    private static readonly (string Input, Type Class, string Test)[] s_table =
    [
        ("every route without token", typeof(RouteTests), nameof(RouteTests.every_route_refuses_without_a_session)),
        ("every route with expired token", typeof(ThreatTests), nameof(every_route_refuses_a_token_that_is_over)),
        ("every route with too small a role", typeof(RouteTests), nameof(RouteTests.every_route_refuses_too_small_a_role)),
        ("every route with other tenant's token", typeof(ForeignTests), nameof(ForeignTests.every_address_hides_what_is_anothers)),
        ("every page with other tenant's session", typeof(Console.ForeignPagesTests), nameof(Console.ForeignPagesTests.no_page_shows_another_organisations_partner_message_or_account)),
        ("CSRF on every POST", typeof(ThreatTests), nameof(every_change_from_another_site_is_refused)),
        ("CSRF on forms", typeof(SessionTests), nameof(SessionTests.what_another_site_makes_a_browser_do_is_refused)),
        ("IDOR on message ids", typeof(Api.MessagesApiTests), nameof(Api.MessagesApiTests.another_organisation_neither_sees_nor_handles_a_message)),
        ("IDOR on partner, certificate ids", typeof(ForeignTests), nameof(ForeignTests.every_address_hides_what_is_anothers)),
        ("stored XSS through file name, Message-ID, Subject, MDN text", typeof(Console.ForeignPagesTests), nameof(Console.ForeignPagesTests.a_text_from_outside_is_text_on_every_page)),
        ("CSV/formula injection in exports", typeof(Api.FiguresApiTests), nameof(Api.FiguresApiTests.a_name_in_csv_is_never_a_formula)),
        ("PFX 100 MB, with many iterations, wrong password 1,000 times", typeof(ManagedConfigurationTests), nameof(ManagedConfigurationTests.an_uploaded_file_is_bounded_before_it_costs_anything)),
        ("partner URL to metadata service, own admin port", typeof(ManagedConfigurationTests), nameof(ManagedConfigurationTests.an_endpoint_inside_our_own_network_is_refused)),
        ("webhook URL to metadata service", typeof(WebhookAddressTests), nameof(WebhookAddressTests.a_webhook_into_our_own_network_is_refused)),
        ("log injection", typeof(ThreatTests), nameof(a_line_break_in_a_name_is_no_line_of_the_audit_log)),
        ("zip slip in config import", typeof(ConfigurationCodeTests), nameof(ConfigurationCodeTests.a_hostile_or_wrong_document_changes_nothing)),
        ("JSON depth 10,000; 100 MB body; duplicate keys", typeof(ForeignTests), nameof(ForeignTests.hostile_json_is_refused_before_it_costs_anything)),
        ("download with path in id", typeof(ForeignTests), nameof(ForeignTests.a_path_or_a_statement_in_an_identifier_is_nothing_that_is_there)),
        ("session fixation, cookie without Secure/HttpOnly/SameSite", typeof(SessionTests), nameof(SessionTests.the_cookie_is_httponly_and_samesite_and_never_the_one_that_came)),
        ("session fixation: another session at each sign-in", typeof(SessionTests), nameof(SessionTests.each_sign_in_is_another_session_and_https_makes_the_cookie_secure)),
        ("host header poisoning", typeof(SessionTests), nameof(SessionTests.a_host_name_that_is_not_ours_is_refused)),
        ("host header poisoning in invite links", typeof(AddressTests), nameof(AddressTests.links_name_the_address_that_is_set_whatever_host_a_request_names)),
    ];

    [Test]
    public void every_input_of_the_list_is_tried_by_a_test()
        => Assert.Multiple(() =>
        {
            foreach (var (input, type, name) in s_table)
                Assert.That(type.GetMethods().Any(m => m.Name == name && m.GetCustomAttributes<NUnitAttribute>().Any(a => a is TestAttribute or TestCaseAttribute)), input);
        });

    [Test]
    public async Task every_route_refuses_a_token_that_is_over()
    {
        var clock = new As2.Testing.ManualTime();
        await using var world = await ConsoleWorld.StartAsync(clock: clock);
        using var late = world.Program(Role.SecurityAdmin);
        clock.Advance(TimeSpan.FromDays(91));
        foreach (var (method, path) in Routes(world))
            Assert.That((await late.SendAsync(new HttpRequestMessage(method, path))).StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized), $"{method} {path}");
    }

    [Test]
    public async Task every_change_from_another_site_is_refused()
    {
        await using var world = await ConsoleWorld.StartAsync();
        using var browser = await world.SignedInAsync(Role.SecurityAdmin);
        browser.DefaultRequestHeaders.Remove("Origin");
        browser.DefaultRequestHeaders.Add("Origin", "https://evil.example");
        var before = await browser.GetStringAsync("/api/v1/audit");
        var changes = Routes(world).Where(r => r.Method != HttpMethod.Get).ToList();
        Assert.That(changes, Has.Count.GreaterThan(30));
        foreach (var (method, path) in changes)
        {
            var answer = await browser.SendAsync(new HttpRequestMessage(method, path) { Content = new StringContent("{}", Encoding.UTF8, "application/json") });
            Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden), $"{method} {path}");
        }
        Assert.That(await browser.GetStringAsync("/api/v1/audit"), Is.EqualTo(before), "nothing was done");
    }

    [Test]
    public async Task a_line_break_in_a_name_is_no_line_of_the_audit_log()
    {
        await using var world = await ConsoleWorld.StartAsync();
        var users = world.Get<Users>();
        Assert.That(() => users.Add("test", new NewUser("ann\n2026-01-01 root user.create eve", ConsoleWorld.Password, Role.Viewer)), Throws.TypeOf<As2Exception>().With.Property("Id").EqualTo("GW-USER-001"));
        Assert.That(users.SignIn("ann\r\nroot signed in\0", ConsoleWorld.Password), Is.Null);
        using var root = world.Program(Role.SecurityAdmin);
        await root.PostAsync("/api/v1/messages?local=US&partner=THEM&fileName=a%0d%0aroot%20sign-in.edi", new ByteArrayContent("UNA"u8.ToArray()));
        Assert.That(await root.GetStringAsync("/api/v1/audit"), Does.Not.Contain("\\n").And.Not.Contain("\\r"));
    }

    private static IEnumerable<(HttpMethod Method, string Path)> Routes(ConsoleWorld world) => world.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        .Where(e => e.RoutePattern.RawText!.StartsWith("/api/v1", StringComparison.Ordinal))
        .SelectMany(e => (e.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? []).Select(m => (new HttpMethod(m), System.Text.RegularExpressions.Regex.Replace(e.RoutePattern.RawText!, @"\{[^}]*\}", "1"))));
}
