using System.Text;
using As2.Certificates;
using ManagedGateway.Secrets;

namespace ManagedGateway;

/// <summary>Keys that a gateway makes for itself.</summary>
internal static class GatewayKeys
{
    /// <summary>Makes the key of the FTPS listener unless it is there; its certificate is for this machine as its own programs call it.</summary>
    public static string EnsureFtps(string data) => Ensure(data, "ftps", "localhost", "localhost", "127.0.0.1", "::1");

    /// <summary>Makes <c>NAME.pem</c> (certificate and key) and <c>NAME.cer</c> in the data folder's keys unless they are there.</summary>
    /// <returns>The certificate's SHA-256.</returns>
    public static string Ensure(string data, string name, string subject, params string[] hosts)
    {
        var file = Path.Combine(data, "keys", name);
        if (!File.Exists(file + ".pem"))
        {
            Directory.CreateDirectory(Path.Combine(data, "keys"));
            using var made = CertificateFactory.CreateSelfSigned(subject, TimeProvider.System.GetUtcNow().AddHours(-1), hosts: hosts);
            File.WriteAllText(file + ".cer", CertificateFile.ToPem(made));
            CertificateFile.WriteSecret(file + ".new", Encoding.ASCII.GetBytes(CertificateFile.ToPem(made) + CertificateFile.ToKeyPem(made)));
            File.Move(file + ".new", file + ".pem");
        }
        using var key = new SealedFiles(data, new SecretBox(data)).LoadCertificate(Path.Combine("keys", name + ".pem"));
        return key.Thumbprint;
    }
}
