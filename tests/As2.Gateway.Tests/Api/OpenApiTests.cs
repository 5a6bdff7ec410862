using As2.Gateway.Tests.Operations;
using As2.Testing;
using ManagedGateway.Operations.Access;

namespace As2.Gateway.Tests.Api;

/// <summary>The OpenAPI document: valid, whole, and good enough for a client that others' tools make of it.</summary>
public sealed class OpenApiTests
{
    [Test]
    [CancelAfter(300_000)]
    public async Task the_document_validates_and_a_generated_client_sends_a_file_and_reads_its_receipt(CancellationToken stop)
    {
        var modules = Requires.NodePackage("openapi", "openapi-typescript");
        await using var world = await ConsoleWorld.StartAsync();
        using var program = world.Program(Role.Operator);
        using var folder = new TempFolder();
        Directory.CreateSymbolicLink(folder["node_modules"], modules);
        folder.Write("package.json", """{ "type": "module" }""");
        folder.Write("openapi.json", await program.GetStringAsync("/api/v1/openapi.json", stop));
        folder.Write("client.ts", await File.ReadAllTextAsync(Path.Combine(Repository.Root, "tests/As2.Gateway.Tests/Api/client.ts"), stop));
        folder.Write("validate.mjs", "import parser from '@apidevtools/swagger-parser'; const api = await parser.validate(process.argv[2]); console.log(api.openapi, Object.keys(api.paths).length);");

        var validated = (await Command.RunAsync("node", [folder["validate.mjs"], folder["openapi.json"]])).Succeeded();
        TestContext.Out.WriteLine(validated.Text);
        (await Command.RunAsync("node", [Path.Combine(modules, "openapi-typescript", "bin", "cli.js"), folder["openapi.json"], "-o", folder["gateway.d.ts"]])).Succeeded();
        (await Command.RunAsync("node", [Path.Combine(modules, "typescript", "bin", "tsc"), "--strict", "--target", "es2022", "--module", "nodenext", "--moduleResolution", "nodenext", "--skipLibCheck", "--lib", "es2022,dom", folder["client.ts"]])).Succeeded();
        var ran = (await Command.RunAsync("node", [folder["client.js"], world.Address.AbsoluteUri.TrimEnd('/'), world.Token(Role.Operator)])).Succeeded();
        Assert.That(ran.Text, Does.Contain("\"state\":\"Acknowledged\"").And.Contain("\"hasReceipt\":true").And.Contain("processed"));
        Assert.That((await world.Partner.TakenAsync()).Select(t => t.Name), Is.EqualTo(["order.edi"]));
    }
}
