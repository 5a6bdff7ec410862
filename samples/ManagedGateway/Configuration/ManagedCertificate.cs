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

    /// <summary>An entry for a certificate, with its key where it has one.</summary>
    public static ManagedEntry Make(As2Certificate certificate, SecretBox box)
    {
        var made = MakePublic(certificate);
        if (certificate.Certificate.HasPrivateKey)
            made.Body["Key"] = box.Seal(CertificateFile.ToKeyPem(certificate), made.Name.ToString(), "Key");
        return made;
    }

    /// <summary>An entry for a certificate without its key.</summary>
    public static ManagedEntry MakePublic(As2Certificate certificate)
    {
        var pem = new StringBuilder(CertificateFile.ToPem(certificate));
        foreach (var issuer in certificate.Issuers)
            pem.Append(issuer.ExportCertificatePem()).Append('\n');
        return new ManagedEntry(new EntryName(EntryKind.Certificate, Guid.NewGuid().ToString("N")), new JsonObject { ["Pem"] = pem.ToString(), ["Sha256"] = certificate.Thumbprint });
    }

    /// <summary>An entry for a key that is made here.</summary>
    public static ManagedEntry MakeKey(string name, DateTimeOffset now, SecretBox box, TimeSpan? lifetime = null, CertificateKeyKind kind = CertificateKeyKind.Rsa3072)
    {
        // Partners' clocks differ.
        using var made = CertificateFactory.CreateSelfSigned(name, now.AddHours(-1), lifetime, kind);
        return Make(made, box);
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
