using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json.Nodes;
using As2.Certificates;
using ManagedGateway.Secrets;

namespace ManagedGateway.Configuration;

/// <summary>A certificate as it is saved: PEM, and the key sealed where there is one.</summary>
internal static class ManagedCertificate
{
    private const string Prefix = "managed:";

    /// <summary>How <c>File</c> names it.</summary>
    public static string FileOf(string id) => Prefix + id;

    /// <summary>The identifier in such a name.</summary>
    public static bool TryIdOf(string file, [NotNullWhen(true)] out string? id)
    {
        id = file.StartsWith(Prefix, StringComparison.Ordinal) ? file[Prefix.Length..] : null;
        return id is not null;
    }

    /// <summary>An entry for a certificate.</summary>
    public static ManagedEntry Make(As2Certificate certificate, SecretBox box)
    {
        var name = new EntryName(EntryKind.Certificate, Guid.NewGuid().ToString("N"));
        var pem = new StringBuilder(CertificateFile.ToPem(certificate));
        foreach (var issuer in certificate.Issuers)
            pem.Append(issuer.ExportCertificatePem()).Append('\n');
        var body = new JsonObject { ["Pem"] = pem.ToString(), ["Sha256"] = certificate.Thumbprint };
        if (certificate.Certificate.HasPrivateKey)
            body["Key"] = box.Seal(CertificateFile.ToKeyPem(certificate), name.ToString(), "Key");
        return new ManagedEntry(name, body);
    }

    /// <summary>Certificate, issuers and key as one PEM text.</summary>
    /// <exception cref="As2.As2Exception">GW-SECRET-002.</exception>
    public static byte[] Read(string id, JsonObject body, SecretBox box)
    {
        var pem = body["Pem"]!.GetValue<string>();
        return Encoding.ASCII.GetBytes(body["Key"]?.GetValue<string>() is { } key
            ? pem + box.OpenText(key, new EntryName(EntryKind.Certificate, id).ToString(), "Key")
            : pem);
    }
}
