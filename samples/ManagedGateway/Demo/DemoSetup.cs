using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using As2.Certificates;
using As2.Ftp.Server.Accounts;
using As2.Routes;

namespace ManagedGateway.Demo;

/// <summary>Sets up the demo's data folder: keys and passwords at first start, settings at every start.</summary>
internal static class DemoSetup
{
    private const string PasswordFile = "demo-passwords.json";

    /// <summary>Prepares the folder.</summary>
    public static DemoWorld Prepare(GatewayOptions options)
    {
        Directory.CreateDirectory(Path.Combine(options.Data, "keys"));
        var passwords = Passwords(options.Data);
        var northwind = new DemoOrganisation("Northwind Retail", "NORTHWIND", "northwind-contoso", passwords["northwind-contoso"]);
        var contoso = new DemoOrganisation("Contoso Supplies", "CONTOSO", "contoso-northwind", passwords["contoso-northwind"]);
        foreach (var name in (string[])["NORTHWIND", "CONTOSO"])
            GatewayKeys.Ensure(options.Data, name, subject: name);
        var ftps = GatewayKeys.EnsureFtps(options.Data);

        var settings = new GatewaySettings { As2 = new JsonObject { ["Stations"] = new JsonObject(), ["Partnerships"] = new JsonArray() } };
        settings.Console = new Operations.ConsoleSettings();
        settings.Organisations = new() { [northwind.Name] = [northwind.As2Id], [contoso.Name] = [contoso.As2Id] };
        if (options.Port is { } port)
            (settings.Listen.As2Port, settings.Listen.FtpsPort) = (port, port + 1);
        var address = $"http://{settings.Listen.Address}:{settings.Listen.As2Port}/as2";
        AddSide(settings, northwind, contoso, address, "application/EDIFACT");
        AddSide(settings, contoso, northwind, address, "application/EDI-X12");
        settings.Save(options.Data);
        return new DemoWorld(settings, northwind, contoso, ftps);
    }

    private static void AddSide(GatewaySettings settings, DemoOrganisation ours, DemoOrganisation theirs, string address, string contentType)
    {
        settings.As2["Stations"]![ours.As2Id] = new JsonObject { ["Certificate"] = $"keys/{ours.As2Id}.pem" };
        settings.As2["Partnerships"]!.AsArray().Add((JsonNode)new JsonObject
        {
            ["Local"] = ours.As2Id,
            ["Partner"] = theirs.As2Id,
            ["Endpoint"] = address,
            ["Certificate"] = $"keys/{theirs.As2Id}.cer",
            ["Compression"] = "before-signing",
            ["ContentType"] = contentType,
            ["Routes"] = new JsonArray(MailboxDestination.Prefix + ours.Account),
        });
        settings.Accounts.Add(new AccountSettings
        {
            Name = ours.Account, PasswordHash = FtpPassword.Hash(ours.Password), Local = ours.As2Id, Partner = theirs.As2Id,
        });
    }

    private static Dictionary<string, string> Passwords(string data)
    {
        var file = Path.Combine(data, PasswordFile);
        if (File.Exists(file))
            return JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllBytes(file))!;
        var passwords = new Dictionary<string, string>
        {
            ["northwind-contoso"] = RandomNumberGenerator.GetHexString(20, lowercase: true),
            ["contoso-northwind"] = RandomNumberGenerator.GetHexString(20, lowercase: true),
        };
        CertificateFile.WriteSecret(file, JsonSerializer.SerializeToUtf8Bytes(passwords));
        return passwords;
    }
}
