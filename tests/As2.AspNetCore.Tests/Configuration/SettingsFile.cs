using System.Text.Json.Nodes;
using As2.Agreements;
using As2.AspNetCore.Configuration;
using As2.Certificates;
using As2.Testing;
using Microsoft.Extensions.Configuration;

namespace As2.AspNetCore.Tests.Configuration;

/// <summary>A folder with a settings file and the keys that it names: our ACME, the partner GLOBEX.</summary>
internal sealed class SettingsFile : IDisposable
{
    public static readonly DateTimeOffset Now = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    private readonly TempFolder _folder = new();

    public SettingsFile()
    {
        Put("acme.pem", TestKeys.Rsa("ACME"), secret: true);
        Put("globex.cer", TestKeys.Rsa("GLOBEX"), secret: false);
    }

    public string Folder => _folder.Path;

    public string Path => _folder["gateway.json"];

    public string Put(string name, As2Certificate certificate, bool secret)
    {
        File.WriteAllText(_folder[name], CertificateFile.ToPem(certificate) + (secret ? CertificateFile.ToKeyPem(certificate) : ""));
        return name;
    }

    /// <summary>The usual file, with more in its one partnership.</summary>
    public SettingsFile With(string partnership = "", string more = "")
    {
        var certificate = partnership.Contains("\"certificates\"", StringComparison.Ordinal) ? "" : ", \"certificate\": \"globex.cer\"";
        File.WriteAllText(Path, $$"""
            { "as2": {
                "stations": { "ACME": { "certificate": "acme.pem" } },
                "partnerships": [ { "local": "ACME", "partner": "GLOBEX", "endpoint": "https://as2.globex.example/as2"{{certificate}}{{(partnership.Length > 0 ? ", " : "")}}{{partnership}} } ]
                {{more}}
            } }
            """);
        return this;
    }

    public SettingsFile Write(JsonNode content)
    {
        File.WriteAllText(Path, content.ToJsonString());
        return this;
    }

    public IConfigurationSection Open() => new ConfigurationBuilder().AddJsonFile(Path).Build().GetSection("As2");

    public As2SettingsRead Read() => new As2SettingsReader(Open(), new PartnershipSource { Open = Open, Folder = Folder }, Now).Read();

    public Partnership ReadOne() => Read().Book.Partnerships.Single();

    /// <summary>The lines of what is refused.</summary>
    public string Refusal() => Assert.Throws<As2Exception>(() => Read())!.Message;

    public void Dispose() => _folder.Dispose();
}
