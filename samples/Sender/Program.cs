using As2;
using As2.Agreements;
using As2.Certificates;
using As2.Payloads;

if (args is not [var file, var endpoint, var ours, var theirs])
{
    Console.Error.WriteLine("usage: Sender FILE URL OUR.p12 THEIR.cer");
    return 2;
}
var partnership = new Partnership
{
    Local = new As2Identifier("GLOBEX"),
    Partner = new As2Identifier("ACME"),
    Endpoint = new Uri(endpoint),
    ContentType = "application/EDIFACT",
};
var book = new PartnershipBook().Add(partnership, PartnershipCertificates.Of(
    CertificateFile.Load(ours), CertificateFile.Load(theirs)));

using var sender = As2Sender.Create(book);
var result = await sender.SendAsync(Payload.FromFile(file), partnership, CancellationToken.None);
Console.WriteLine($"{result.MessageId} is {result.State}: {result.Reason}");
return result.IsAcknowledged ? 0 : 1;
