using System.Text;
using As2.Testing;

namespace As2.Interop.Tests;

/// <summary>The gateway's sample order with CRLF line ends: libas2 rewrites bare LF.</summary>
internal static class Samples
{
    public static byte[] Order()
        => Encoding.ASCII.GetBytes(File.ReadAllText(Repository.PathOf("samples", "ManagedGateway", "samples", "850.x12")).ReplaceLineEndings("\r\n"));
}
