using System.Diagnostics;
using System.Text.Json;
using As2.Certificates;
using As2.Testing;

namespace As2.Interop.Tests;

/// <summary>The programs of <c>tests/interop/libas2</c>: another AS2 product, in a process of its own.</summary>
internal static class Libas2
{
    public const string Us = "AS2SDK";
    public const string Them = "LIBAS2";

    /// <summary>Writes a settings file for libas2's side of the partnership.</summary>
    public static string Settings(TempFolder folder, string? sign, string? encrypt, string? receipt, object? more = null)
    {
        var (certificate, key) = TestKeys.WritePem(Key, folder, "them");
        var settings = new Dictionary<string, object?>
        {
            ["from"] = Them,
            ["to"] = Us,
            ["key"] = key,
            ["certificate"] = certificate,
            ["partnerCertificate"] = folder.Write("us.crt.pem", OurKey.Certificate.ExportCertificatePem()),
            ["sign"] = (object?)sign ?? false,
            ["encrypt"] = (object?)encrypt ?? false,
            ["receipt"] = (object?)receipt ?? false,
        };
        foreach (var (name, value) in JsonSerializer.SerializeToElement(more ?? new { }).EnumerateObject().Select(p => (p.Name, p.Value)))
            settings[name] = value;
        return folder.Write("settings.json", JsonSerializer.Serialize(settings));
    }

    /// <summary>Its key.</summary>
    public static As2Certificate Key => TestKeys.Rsa("them");

    /// <summary>Our key.</summary>
    public static As2Certificate OurKey => TestKeys.Rsa("us");

    /// <summary>Posts one message and gives what it says of the answer.</summary>
    public static async Task<JsonElement> SendAsync(string settings)
        => JsonDocument.Parse((await Command.RunAsync("node", [Script("send.js"), settings], environment: Environment())).Succeeded().Output).RootElement;

    /// <summary>Starts its receiver; the caller ends it by closing its input.</summary>
    public static Process Receive(string settings)
    {
        var start = new ProcessStartInfo(Requires.Tool("node"), [Script("receive.js"), settings])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        foreach (var (name, value) in Environment())
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    private static string Script(string name) => Repository.PathOf("tests", "interop", "libas2", name);

    private static Dictionary<string, string> Environment() => new() { ["NODE_PATH"] = Requires.NodePackage("libas2") };
}
