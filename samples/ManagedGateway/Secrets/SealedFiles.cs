using System.Text;
using As2;
using As2.Certificates;

namespace ManagedGateway.Secrets;

/// <summary>Files of the data folder that hold keys and passwords, sealed or still plain. Thread-safe.</summary>
internal sealed class SealedFiles(string data, SecretBox box)
{
    private const string Kind = "file";

    /// <summary>A file's content in clear.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="As2Exception">GW-SECRET-001, -002.</exception>
    public byte[] Read(string path)
    {
        var content = File.ReadAllBytes(path);
        return SecretBox.IsSealed(content) ? box.Open(Encoding.ASCII.GetString(content), IdOf(path), Kind) : content;
    }

    /// <summary>The certificate of a file of the data folder, with its key.</summary>
    /// <exception cref="As2Exception">AS2-CERT-003, GW-SECRET-001, -002.</exception>
    public As2Certificate LoadCertificate(string name, string? password = null)
    {
        var path = Path.Combine(data, name);
        if (!File.Exists(path) || !SecretBox.IsSealed(File.ReadAllBytes(path)))
            return CertificateFile.Load(path, password);
        return CertificateFile.Parse(Read(path), password);
    }

    /// <summary>Replaces a plain file by its sealed form, whole or not at all. Files elsewhere than in the data folder are left alone: they are somebody else's.</summary>
    /// <returns>False: it is sealed already, is not there, or lies elsewhere.</returns>
    /// <exception cref="IOException">It cannot be written.</exception>
    public bool Seal(string name)
    {
        var path = Path.GetFullPath(Path.Combine(data, name));
        if (!path.StartsWith(Path.GetFullPath(data) + Path.DirectorySeparatorChar, StringComparison.Ordinal) || !File.Exists(path) || File.ResolveLinkTarget(path, true) is not null)
            return false;
        var content = File.ReadAllBytes(path);
        if (SecretBox.IsSealed(content))
            return false;
        var made = path + ".new";
        CertificateFile.WriteSecret(made, Encoding.ASCII.GetBytes(box.Seal(content, IdOf(path), Kind) + "\n"));
        File.Move(made, path, overwrite: true);
        return true;
    }

    /// <summary>Passes a sealed file to another key, whole or not at all.</summary>
    /// <returns>False: that key opens it already.</returns>
    /// <exception cref="As2Exception">GW-SECRET-002.</exception>
    public bool Pass(string path, SecretBox to)
    {
        if (to.Rewrap(File.ReadAllText(path), box, IdOf(path), Kind) is not { } anew)
            return false;
        var made = path + ".new";
        CertificateFile.WriteSecret(made, Encoding.ASCII.GetBytes(anew + "\n"));
        File.Move(made, path, overwrite: true);
        return true;
    }

    private string IdOf(string path) => Path.GetRelativePath(data, path).Replace('\\', '/');
}
