using System.Security.Cryptography;
using System.Text;
using As2;
using ManagedGateway.Secrets;
using Microsoft.AspNetCore.DataProtection;

namespace ManagedGateway.Operations.Access;

/// <summary>Protects what pages carry with the key of the gateway's secrets: every node that has it knows what another one gave out. Thread-safe.</summary>
internal sealed class SealedForms(SecretBox box, string path = "page") : IDataProtector
{
    private const string Kind = "form";

    public IDataProtector CreateProtector(string purpose) => new SealedForms(box, $"{path}/{purpose.Length}:{purpose}");

    public byte[] Protect(byte[] plaintext) => Encoding.ASCII.GetBytes(box.Seal(plaintext, path, Kind));

    public byte[] Unprotect(byte[] protectedData)
    {
        try
        {
            return box.Open(Encoding.ASCII.GetString(protectedData), path, Kind);
        }
        catch (As2Exception e)
        {
            // What callers expect of something that is none of ours.
            throw new CryptographicException("It was not sealed here.", e);
        }
    }
}
