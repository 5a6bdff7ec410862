using As2.Agreements;
using As2.Certificates;
using As2.Tool.Cli;

namespace As2.Tool.Keys;

/// <summary>The keys and certificates of the command line, loaded once: ours with their private keys, and the partners'.</summary>
internal sealed class KeyRing
{
    private readonly List<NamedCertificate> _own;
    private readonly List<NamedCertificate> _partners;

    private KeyRing(List<NamedCertificate> own, List<NamedCertificate> partners) => (_own, _partners) = (own, partners);

    /// <summary>Ours, those with a private key first.</summary>
    public IReadOnlyList<As2Certificate> Own => [.. _own.Select(n => n.Certificate).DistinctBy(c => c.Thumbprint)];

    /// <summary>The partners'.</summary>
    public IReadOnlyList<As2Certificate> Partners => [.. _partners.Select(n => n.Certificate)];

    /// <summary>Loads them.</summary>
    /// <param name="keys">Private keys: PEM (with or without its certificate), DER or PKCS#12.</param>
    /// <param name="certificates">Our certificates, <c>[NAME=]FILE</c>.</param>
    /// <param name="partners">The partners' certificates, <c>[NAME=]FILE</c>.</param>
    /// <param name="password">Of keys and PKCS#12 files, or null.</param>
    /// <exception cref="ToolFault">A file is missing or unreadable, or a key belongs to no certificate.</exception>
    public static KeyRing Load(IEnumerable<string> keys, IEnumerable<string> certificates, IEnumerable<string> partners, string? password)
    {
        var files = certificates.Select(NamedFile.Parse).ToList();
        var own = keys.SelectMany(key => LoadKey(key, files, password)).ToList();
        own.AddRange(files.Select(f => new NamedCertificate(f.Name, LoadFile(f.File, password)))
            .Where(c => !own.Exists(o => o.Certificate.Thumbprint == c.Certificate.Thumbprint)));
        return new KeyRing(own, [.. partners.Select(NamedFile.Parse).Select(f => new NamedCertificate(f.Name, LoadFile(f.File, password)))]);
    }

    /// <summary>True when an AS2 name was given for our side, and none is this one.</summary>
    public bool IsStrangeRecipient(As2Identifier? name) => IsStrange(_own, name);

    /// <summary>True when an AS2 name was given for partners, and none is this one.</summary>
    public bool IsStrangeSender(As2Identifier? name) => IsStrange(_partners, name);

    /// <summary>
    /// The certificates that this partner may have signed with, in use at any time: the caller judges their validity, so that a
    /// genuine signature of an expired certificate still shows as what it is.
    /// </summary>
    public IReadOnlyList<As2Certificate> PartnersOf(As2Identifier? name)
        => [.. _partners.Where(n => n.Name is null || n.Name == name).Select(n => Timeless(n.Certificate))];

    private static bool IsStrange(List<NamedCertificate> all, As2Identifier? name)
        => all.Count > 0 && all.TrueForAll(n => n.Name is not null && n.Name != name);

    private static As2Certificate Timeless(As2Certificate certificate)
        => new(certificate.Certificate, DateTimeOffset.MinValue, DateTimeOffset.MaxValue) { Issuers = certificate.Issuers };

    /// <summary>A private key with its certificate, once for every AS2 name that the certificate was given for.</summary>
    private static IEnumerable<NamedCertificate> LoadKey(string file, List<NamedFile> certificates, string? password)
    {
        if (PrivateKeyFile.IsBareKey(ReadFile(file)))
            return FindCertificates(file, certificates, password);
        var own = LoadFile(file, password);
        if (!own.Certificate.HasPrivateKey)
            throw new ToolFault(ExitCode.Usage, $"--key {file} holds a certificate, but no private key.");
        var names = certificates.Where(f => LoadFile(f.File, password).Thumbprint == own.Thumbprint).Select(f => f.Name).ToList();
        return names.DefaultIfEmpty(null).Select(name => new NamedCertificate(name, own));
    }

    private static List<NamedCertificate> FindCertificates(string key, List<NamedFile> certificates, string? password)
    {
        var found = new List<NamedCertificate>();
        ToolFault? unreadable = null;
        foreach (var certificate in certificates)
        {
            try
            {
                var own = LoadFile(certificate.File, password, key);
                if (own.Certificate.HasPrivateKey)
                    found.Add(new NamedCertificate(certificate.Name, own));
            }
            catch (ToolFault fault)
            {
                // A key of another kind than the certificate's cannot be read with it; the next one may fit.
                unreadable = fault;
            }
        }
        if (found.Count > 0)
            return found;
        throw unreadable ?? new ToolFault(ExitCode.Usage, certificates.Count == 0
            ? $"--key {key} is a bare private key: give its certificate too, with --cert."
            : $"--key {key} belongs to none of the certificates given with --cert.");
    }

    private static byte[] ReadFile(string file)
    {
        try
        {
            return File.ReadAllBytes(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ToolFault(ExitCode.Trouble, e.Message);
        }
    }

    private static As2Certificate LoadFile(string file, string? password, string? key = null)
    {
        try
        {
            return CertificateFile.Load(file, password, key);
        }
        catch (As2Exception e)
        {
            throw new ToolFault(ExitCode.Trouble, e.Message);
        }
    }
}
