using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using MimeKit;
using MimeKit.Cryptography;
using Org.BouncyCastle.Security;
using FrameworkRecipient = System.Security.Cryptography.Pkcs.CmsRecipient;
using FrameworkSigner = System.Security.Cryptography.Pkcs.CmsSigner;
using MimeKitRecipient = MimeKit.Cryptography.CmsRecipient;
using MimeKitSigner = MimeKit.Cryptography.CmsSigner;

namespace As2.Benchmarks.Figures;

/// <summary>
/// The same message by the framework's SignedCms and EnvelopedCms, and by MimeKit's S/MIME over BouncyCastle: what a program without
/// this SDK would do. Only the signature is verified, no chain is built, and everything is in memory.
/// </summary>
internal static class OtherLibraries
{
    private const string Delimiter = "--=_boundary_0123456789abcdef0123456789";

    private static readonly AlgorithmIdentifier s_aes128 = new(new Oid("2.16.840.1.101.3.4.1.2"));
    private static readonly Oid s_sha256 = new("2.16.840.1.101.3.4.2.1");
    private static readonly byte[] s_delimiter = Encoding.ASCII.GetBytes("\r\n" + Delimiter);

    public static IEnumerable<Contest> All(Message message, string size)
    {
        var payload = message.Payload.ToArray();
        var packed = FrameworkPack(payload);
        yield return new Contest($"pack-{size}-framework", () => FrameworkPack(payload), message.PackFloor);
        yield return new Contest($"unpack-{size}-framework", () => FrameworkUnpack(packed), message.UnpackFloor);
        var context = NewContext();
        var key = DotNetUtilities.GetRsaKeyPair(Message.Alice.RsaPrivateKey!.ExportParameters(true)).Private;
        var signer = new MimeKitSigner(Certificate(Message.Alice.Certificate), key) { DigestAlgorithm = DigestAlgorithm.Sha256 };
        var recipient = new MimeKitRecipient(Certificate(Message.Bob.Certificate)) { EncryptionAlgorithms = [EncryptionAlgorithm.Aes128] };
        var encrypted = MimeKitPack(context, payload, signer, recipient);
        yield return new Contest($"pack-{size}-mimekit", () => MimeKitPack(context, payload, signer, recipient), message.PackFloor);
        yield return new Contest($"unpack-{size}-mimekit", () => MimeKitUnpack(context, encrypted), message.UnpackFloor);
    }

    private static byte[] FrameworkPack(byte[] payload)
    {
        byte[] entity = [.. "Content-Type: application/octet-stream\r\n\r\n"u8, .. payload];
        var signed = new SignedCms(new ContentInfo(entity), detached: true);
        signed.ComputeSignature(new FrameworkSigner(Message.Alice.Certificate) { DigestAlgorithm = s_sha256, IncludeOption = X509IncludeOption.EndCertOnly });
        byte[] multipart = [.. s_delimiter, .. "\r\n"u8, .. entity, .. s_delimiter, .. "\r\n"u8, .. signed.Encode(), .. s_delimiter, .. "--\r\n"u8];
        var enveloped = new EnvelopedCms(new ContentInfo(multipart), s_aes128);
        enveloped.Encrypt(new FrameworkRecipient(Message.Bob.Certificate));
        return enveloped.Encode();
    }

    private static void FrameworkUnpack(byte[] packed)
    {
        var enveloped = new EnvelopedCms();
        enveloped.Decode(packed);
        enveloped.Decrypt(new X509Certificate2Collection(Message.Bob.Certificate));
        var multipart = enveloped.ContentInfo.Content.AsSpan(s_delimiter.Length + 2);
        var end = multipart.IndexOf(s_delimiter);
        var signed = new SignedCms(new ContentInfo(multipart[..end].ToArray()), detached: true);
        var rest = multipart[(end + s_delimiter.Length + 2)..];
        signed.Decode(rest[..rest.LastIndexOf(s_delimiter)]);
        signed.CheckSignature(verifySignatureOnly: true);
    }

    private static TemporarySecureMimeContext NewContext()
    {
        var context = new TemporarySecureMimeContext { CheckCertificateRevocation = false };
        context.Import(Certificate(Message.Alice.Certificate));
        context.Import(new MemoryStream(Message.Bob.Certificate.Export(X509ContentType.Pkcs12, "password")), "password");
        return context;
    }

    private static byte[] MimeKitPack(TemporarySecureMimeContext context, byte[] payload, MimeKitSigner signer, MimeKitRecipient recipient)
    {
        var part = new MimePart("application", "octet-stream") { Content = new MimeContent(new MemoryStream(payload)), ContentTransferEncoding = ContentEncoding.Binary };
        var signed = MultipartSigned.Create(context, signer, part);
        using var encrypted = ApplicationPkcs7Mime.Encrypt(context, [recipient], signed);
        using var output = new MemoryStream();
        encrypted.WriteTo(output);
        return output.ToArray();
    }

    private static void MimeKitUnpack(TemporarySecureMimeContext context, byte[] packed)
    {
        using var encrypted = (ApplicationPkcs7Mime)MimeEntity.Load(new MemoryStream(packed));
        using var signed = (MultipartSigned)encrypted.Decrypt(context);
        foreach (var signature in signed.Verify(context))
        {
            if (!signature.Verify(verifySignatureOnly: true))
                throw new InvalidOperationException("MimeKit does not verify it.");
        }
    }

    private static Org.BouncyCastle.X509.X509Certificate Certificate(X509Certificate2 certificate) => DotNetUtilities.FromX509Certificate(certificate);
}
