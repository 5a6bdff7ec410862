using System.Text.Json;
using System.Text.Json.Nodes;
using As2;
using As2.Certificates;
using ManagedGateway.Listening;

namespace ManagedGateway.Secrets;

/// <summary>
/// Seals what still lies plain in a data folder: private keys and password files that the settings name, and passwords in <c>gateway.json</c>,
/// whose other octets, comments too, stay as they are. Done at each start; what is sealed already is left alone.
/// </summary>
internal sealed class SecretMigration(string data, SecretBox box)
{
    private static readonly string[] s_secrets = ["Password", "HttpPassword", "HttpToken", "Secret"];
    private static readonly string[] s_keyFiles = ["Certificate", "File", "Key", "OurCertificate", "FtpsCertificate", "ClientCertificate", "KeyFile"];

    private readonly SealedFiles _files = new(data, box);

    /// <summary>Seals, and says in words what was done; nothing when there was nothing to do.</summary>
    /// <exception cref="As2Exception">GW-SECRET-001.</exception>
    public IReadOnlyList<string> Run()
    {
        var (said, settings) = (new List<string>(), Path.Combine(data, GatewaySettings.FileName));
        try
        {
            var sealedFiles = NamedFiles(JsonNode.Parse(File.ReadAllBytes(settings), new JsonNodeOptions { PropertyNameCaseInsensitive = true }, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true }))
                .Append((Name: ListenerSettings.OwnFtpsCertificate, IsPassword: false)).Distinct().Where(f => IsSecret(f.Name, f.IsPassword) && _files.Seal(f.Name)).Select(f => f.Name).ToList();
            if (sealedFiles.Count > 0)
                said.Add($"Sealed from now on: {string.Join(", ", sealedFiles)}.");
            if (SealSettings(settings) is var count and > 0)
                said.Add($"Sealed {count} passwords in {GatewaySettings.FileName}.");
        }
        catch (JsonException)
        {
            // Whoever reads the settings next tells what is wrong with them.
            return [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            said.Add($"Secrets stay plain where they cannot be written: {e.Message}");
        }
        if (said.Count > 0 && File.Exists(Path.Combine(data, SecretKey.FileName)))
            said.Add($"Their key is {SecretKey.FileName}: keep a copy of it, apart from backups of the data folder.");
        return said;
    }

    private static IEnumerable<(string Name, bool IsPassword)> NamedFiles(JsonNode? node, string name = "")
    {
        switch (node)
        {
            case JsonObject members:
                return members.SelectMany(m => NamedFiles(m.Value, m.Key));
            case JsonArray items:
                return items.SelectMany(i => NamedFiles(i, name == "Certificates" || name == "OurCertificates" ? "File" : name));
            case JsonValue value when value.TryGetValue<string>(out var text) && text.Length > 0 && !SecretBox.IsSealed(text):
                var isPassword = name.Equals("PasswordFile", StringComparison.OrdinalIgnoreCase);
                return isPassword || s_keyFiles.Contains(name, StringComparer.OrdinalIgnoreCase) ? [(text, isPassword)] : [];
            default:
                return [];
        }
    }

    // A partner's certificate is no secret, and people look at it.
    private bool IsSecret(string name, bool isPassword)
    {
        var path = Path.Combine(data, name);
        if (isPassword || !File.Exists(path) || new FileInfo(path).Length > 1 << 20)
            return isPassword;
        var content = File.ReadAllBytes(path);
        if (content.AsSpan().IndexOf("PRIVATE KEY"u8) >= 0)
            return true;
        try
        {
            return content.AsSpan().StartsWith((byte)0x30) && CertificateFile.Parse(content).Certificate.HasPrivateKey;
        }
        catch (Exception e) when (e is System.Security.Cryptography.CryptographicException or ArgumentException)
        {
            // A locked PKCS#12: it has something to hide.
            return true;
        }
    }

    private int SealSettings(string path) => SettingsSecrets.Rewrite(path, (name, text) =>
        s_secrets.Contains(name, StringComparer.OrdinalIgnoreCase) && text.Length > 0 && !SecretBox.IsSealed(text) ? box.Seal(text, GatewaySettings.FileName, name) : null);
}
