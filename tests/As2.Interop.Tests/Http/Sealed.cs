using System.Text;
using As2.Agreements;
using As2.Certificates;
using As2.Headers;
using As2.Layers;
using As2.Payloads;
using As2.Testing;

namespace As2.Interop.Tests.Http;

/// <summary>A message as it stands on the wire, made with the layers alone, so that a test can change any octet of it.</summary>
internal sealed record Sealed(HeaderFields Headers, byte[] Body)
{
    public static readonly byte[] Order = Encoding.ASCII.GetBytes("UNB+UNOA:1+A+B+261123:1200+1'\r\nUNZ+0+1'\r\n");

    // EC signs small and fast; RSA transports the key, since that is where the oracle was.
    public static As2Certificate Alice => TestKeys.Ec("sealed alice");

    public static As2Certificate Bob => TestKeys.Rsa("sealed bob");

    public static Partnership AtBob(SecurityRequirements? receiving = null) => new()
    {
        Local = new As2Identifier("Bob"),
        Partner = new As2Identifier("Alice"),
        Endpoint = new Uri("http://127.0.0.1:9/"),
        Receiving = receiving ?? new SecurityRequirements(),
    };

    public static PartnershipCertificates CertificatesOfBob => PartnershipCertificates.Of(Bob, TestKeys.PublicOf(Alice));

    public static Sealed Of(SecurityAgreement security, As2Certificate? recipient = null, ReadOnlyMemory<byte>? payload = null, bool signedReceipt = true)
    {
        var output = new Output();
        using var writer = new LayerWriter(new LayerWriterOptions
        {
            Security = security,
            Signer = Alice,
            Recipients = [TestKeys.PublicOf(recipient ?? Bob)],
            Now = TimeProvider.System.GetUtcNow(),
        }, output);
        writer.Begin(new PayloadHeader { ContentType = "application/edifact", FileName = "order.edi" }).Push((payload ?? Order).Span);
        var entity = writer.Complete();
        var headers = new HeaderFields
        {
            { "AS2-Version", "1.2" },
            { "AS2-From", "Alice" },
            { "AS2-To", "Bob" },
            { "Message-ID", NewId() },
            { "Disposition-Notification-To", "alice@example.invalid" },
        };
        if (signedReceipt)
            headers.Add("Disposition-Notification-Options", "signed-receipt-protocol=optional, pkcs7-signature; signed-receipt-micalg=optional, sha-256");
        foreach (var (name, value) in entity.Headers)
            headers.Add(name, value);
        return new Sealed(headers, output.Octets.ToArray());
    }

    /// <summary>The same with one octet changed, under an identifier of its own.</summary>
    public Sealed Damaged(int at, byte mask = 1)
    {
        var body = Body.ToArray();
        body[at] ^= mask;
        return With("Message-ID", NewId()) with { Body = body };
    }

    /// <summary>The same with another value of a header; null takes it out.</summary>
    public Sealed With(string name, string? value)
    {
        var headers = new HeaderFields();
        foreach (var (field, old) in Headers.Where(f => value is not null || f.Key != name))
            headers.Add(field, field == name ? value! : old);
        if (value is not null && headers[name] is null)
            headers.Add(name, value);
        return this with { Headers = headers };
    }

    /// <summary>The same with these octets in the place of the content key, properly encrypted to Bob.</summary>
    public Sealed WithKey(byte[] octets)
    {
        var body = Body.ToArray();
        var at = body.AsSpan().IndexOf(new byte[] { 0x04, 0x82, 0x01, 0x00 }) + 4;
        Bob.RsaPublicKey!.Encrypt(octets, System.Security.Cryptography.RSAEncryptionPadding.Pkcs1).CopyTo(body, at);
        return this with { Body = body };
    }

    public static string NewId() => $"<{Guid.NewGuid():N}@alice>";

    private sealed class Output : IOctetSink
    {
        public MemoryStream Octets { get; } = new();

        public void Push(ReadOnlySpan<byte> octets) => Octets.Write(octets);
    }
}
