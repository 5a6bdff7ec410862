using System.Security.Cryptography;
using As2.Certificates;
using As2.Testing;

namespace As2.Interop.Tests.OpensslCms;

/// <summary>One key of each kind that openssl and we share.</summary>
internal static class Keys
{
    public static readonly string[] Names = ["rsa", "P-256", "P-384", "P-521"];

    public static As2Certificate Of(string name) => name switch
    {
        "rsa" => TestKeys.Rsa("openssl"),
        "P-256" => TestKeys.Ec("openssl", ECCurve.NamedCurves.nistP256),
        "P-384" => TestKeys.Ec("openssl", ECCurve.NamedCurves.nistP384),
        _ => TestKeys.Ec("openssl", ECCurve.NamedCurves.nistP521),
    };
}
