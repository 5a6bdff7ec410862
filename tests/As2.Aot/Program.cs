using As2;
using As2.Agreements;
using As2.Aot;
using As2.Certificates;
using As2.Payloads;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

// Sends itself a message over HTTP, compressed, signed and encrypted, and verifies the signed receipt. 0 when it was acknowledged.
var start = DateTimeOffset.UtcNow.AddMinutes(-5);
var (alice, bob) = (CertificateFactory.CreateSelfSigned("alice", start), CertificateFactory.CreateSelfSigned("bob", start));
var store = new As2.Storage.InMemoryStore(TimeProvider.System);
var receiving = new PartnershipBook().Add(
    new Partnership { Local = new As2Identifier("bob"), Partner = new As2Identifier("alice") }, PartnershipCertificates.Of(bob, alice));
var receiver = new As2Receiver(
    new PartnerServices(receiving, receiving), new StorageServices(store, store, store), Options.Create(new As2Options()), TimeProvider.System,
    NullLogger<As2Receiver>.Instance);
using var listener = new Listener(receiver);

var partnership = new Partnership
{
    Local = new As2Identifier("alice"),
    Partner = new As2Identifier("bob"),
    Endpoint = listener.Address,
    Sending = new SecurityAgreement { Compression = Compression.BeforeSigning },
};
using var sender = As2Sender.Create(new PartnershipBook().Add(partnership, PartnershipCertificates.Of(alice, bob)));
var payload = new Payload { OpenAsync = _ => ValueTask.FromResult<Stream>(new MemoryStream(new byte[100_000])), FileName = "zeros.bin" };
var sent = await sender.SendAsync(payload, partnership, CancellationToken.None);
Console.WriteLine($"{sent.State}: {sent.Reason}; {sent.Disposition}");
return sent.IsAcknowledged ? 0 : 1;
