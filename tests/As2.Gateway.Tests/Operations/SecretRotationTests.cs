using System.Text.Json.Nodes;
using As2.Certificates;
using As2.Testing;
using ManagedGateway.Configuration;
using ManagedGateway.Secrets;

namespace As2.Gateway.Tests.Operations;

/// <summary>Secrets pass to another key, and wherever that breaks off, everything still opens.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class SecretRotationTests
{
    private static readonly EntryName s_account = new(EntryKind.Webhook, "erp");

    [Test]
    public void every_secret_opens_with_the_new_key_and_none_with_the_old()
    {
        using var data = Folder(out var store);
        var old = SecretKey.Load(data.Path);

        Assert.That(new SecretRotation(data.Path, () => store).Run(null), Is.EqualTo(4));

        var present = SecretKey.Load(data.Path);
        Assert.That(present, Is.Not.EqualTo(old));
        Assert.That(File.GetUnixFileMode(data[SecretKey.FileName]), Is.EqualTo(UnixFileMode.UserRead));
        Assert.That(File.Exists(data[SecretRotation.FileName]), Is.False);
        AssertOpen(data.Path, SecretBox.Of(present), store);
        Assert.That(() => AssertOpen(data.Path, SecretBox.Of(old), store), Throws.TypeOf<As2Exception>().With.Property("Id").EqualTo("GW-SECRET-002"));
        Assert.That(File.ReadAllText(data["gateway.json"]), Does.StartWith("// kept"));
        Assert.That(store.Audit, Does.Contain("2 secrets"));
        Assert.That(new SecretRotation(data.Path, () => store).Run(null), Is.EqualTo(4), "once more, to one more key");
    }

    [TestCase(false)]
    [TestCase(true)]
    public void what_broke_off_opens_with_either_key_and_is_finished_later(bool isSaved)
    {
        using var data = Folder(out var store);
        var old = SecretKey.Load(data.Path);
        store.Breaks = isSaved ? Break.After : Break.Before;
        Assert.That(() => new SecretRotation(data.Path, () => store).Run(null), Throws.TypeOf<IOException>());
        store.Breaks = Break.Never;

        Assert.That(SecretKey.Load(data.Path), Is.EqualTo(old), "the key stays until all is done");
        AssertOpen(data.Path, new SecretBox(data.Path), store);
        var next = SecretRotation.OtherKey(data.Path, old)!;
        Assert.That(SecretRotation.OtherKey(data.Path, next), Is.EqualTo(old));
        Assert.That(() => new SecretRotation(data.Path, () => store).Run(SecretKey.New()), Throws.TypeOf<As2Exception>().With.Property("Id").EqualTo("GW-SECRET-004"), "not to a third key");

        new SecretRotation(data.Path, () => store).Run(null);
        Assert.That(SecretKey.Load(data.Path), Is.EqualTo(next));
        Assert.That(File.Exists(data[SecretRotation.FileName]), Is.False);
        AssertOpen(data.Path, SecretBox.Of(next), store);
    }

    [Test]
    public void a_damaged_secret_stops_it_before_its_key_is_gone()
    {
        using var data = Folder(out var store);
        var old = SecretKey.Load(data.Path);
        var whole = File.ReadAllText(data["keys/ours.pem"]);
        File.WriteAllText(data["keys/ours.pem"], whole[..^9] + "AAAAAAA=\n");
        Assert.That(() => new SecretRotation(data.Path, () => store).Run(null), Throws.TypeOf<As2Exception>().With.Property("Id").EqualTo("GW-SECRET-002"));
        Assert.That(SecretKey.Load(data.Path), Is.EqualTo(old));
        File.WriteAllText(data["keys/ours.pem"], whole);
        new SecretRotation(data.Path, () => store).Run(null);
        AssertOpen(data.Path, new SecretBox(data.Path), store);
    }

    [Test]
    public async Task the_command_passes_a_gateway_to_a_key_of_its_own()
    {
        using var data = new TempFolder();
        await using var partner = await OutsidePartner.StartAsync();
        TestWorld.Pair(data.Path, OutsidePartner.Ours, OutsidePartner.Theirs, partner.Endpoint);
        var program = Path.Combine(AppContext.BaseDirectory, "gateway.dll");
        await using (var gateway = GatewayProcess.Start(data.Path, "run"))
        {
            await gateway.SaysAsync("Ctrl+C");
            var refused = await Command.RunAsync("dotnet", [program, "rekey", "--data", data.Path]);
            Assert.That(refused.Error, Does.Contain("AS2-STORE-001"), "the gateway runs");
            Assert.That(await gateway.InterruptAsync(), Is.Zero, gateway.Said);
        }
        var before = File.ReadAllText(data[SecretKey.FileName]);
        var done = (await Command.RunAsync("dotnet", [program, "rekey", "--data", data.Path])).Succeeded();
        Assert.That(done.Text, Does.Contain("passed to the new key"));
        Assert.That(File.ReadAllText(data[SecretKey.FileName]), Is.Not.EqualTo(before));
        await using var again = GatewayProcess.Start(data.Path, "run");
        await again.SaysAsync("Ctrl+C");
    }

    /// <summary>A folder with a sealed file, a sealed password in its settings, and two saved secrets.</summary>
    private static TempFolder Folder(out Saved store)
    {
        var data = new TempFolder();
        var box = new SecretBox(data.Path);
        Directory.CreateDirectory(data["keys"]);
        data.Write("keys/ours.pem", CertificateFile.ToPem(OutsidePartner.Ours) + CertificateFile.ToKeyPem(OutsidePartner.Ours));
        new SealedFiles(data.Path, box).Seal("keys/ours.pem");
        data.Write("gateway.json", $$"""
            // kept
            { "As2": { "Partnerships": [ { "HttpPassword": "{{box.Seal("one", "gateway.json", "HttpPassword")}}" } ] } }
            """);
        store = new Saved();
        store.Entries[s_account] = new JsonObject
        {
            ["Secret"] = box.Seal("two", s_account.ToString(), "Secret"), ["Mail"] = new JsonObject { ["Password"] = box.Seal("three", s_account.ToString(), "Password") }, ["Name"] = "erp",
        };
        return data;
    }

    private static void AssertOpen(string data, SecretBox box, Saved store)
    {
        Assert.That(new SealedFiles(data, box).LoadCertificate("keys/ours.pem").Certificate.HasPrivateKey);
        var settings = JsonNode.Parse(File.ReadAllText(Path.Combine(data, "gateway.json")), documentOptions: new() { CommentHandling = System.Text.Json.JsonCommentHandling.Skip })!;
        Assert.That(box.OpenText(settings["As2"]!["Partnerships"]![0]!["HttpPassword"]!.GetValue<string>(), "gateway.json", "HttpPassword"), Is.EqualTo("one"));
        var body = store.Entries[s_account];
        Assert.That(box.OpenText(body["Secret"]!.GetValue<string>(), s_account.ToString(), "Secret"), Is.EqualTo("two"));
        Assert.That(box.OpenText(body["Mail"]!["Password"]!.GetValue<string>(), s_account.ToString(), "Password"), Is.EqualTo("three"));
    }

    private enum Break
    {
        Never,
        Before,
        After,
    }

    private sealed class Saved : IManagedStore
    {
        public Dictionary<EntryName, JsonObject> Entries { get; } = [];

        public Break Breaks { get; set; }

        public string Audit { get; private set; } = "";

        public long Version { get; private set; }

        public ManagedState Read() => new(Version, new Dictionary<EntryName, JsonObject>(Entries));

        public bool Commit(ManagedCommit commit)
        {
            if (Breaks == Break.Before)
                throw new IOException("The power is gone.");
            foreach (var put in commit.Puts)
                Entries[put.Name] = put.Body;
            (Version, Audit) = (Version + 1, commit.Audit.Detail);
            return Breaks == Break.After ? throw new IOException("The power is gone.") : true;
        }
    }
}
