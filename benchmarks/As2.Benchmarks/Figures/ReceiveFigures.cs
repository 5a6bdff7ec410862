using System.Globalization;
using As2.Agreements;
using As2.Headers;
using As2.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace As2.Benchmarks.Figures;

/// <summary>The whole receive walk without a host: layers, store in memory, signed receipt. Its floor is both sides' RSA, AES and SHA.</summary>
internal sealed class ReceiveFigures(Message message)
{
    private readonly As2Receiver _receiver = NewReceiver();
    private long _number;

    public static Contest Contest(Message message, string size)
    {
        var figures = new ReceiveFigures(message);
        return new Contest($"receive-{size}", figures.Receive, () =>
        {
            message.UnpackFloor();
            ReceiptFigures.Sign();
        });
    }

    public void Receive()
    {
        var headers = new HeaderFields
        {
            { "AS2-Version", "1.2" },
            { "AS2-From", "alice" },
            { "AS2-To", "bob" },
            { "Message-ID", string.Create(CultureInfo.InvariantCulture, $"<{++_number}@alice.example>") },
            { "Disposition-Notification-To", "alice" },
            { "Disposition-Notification-Options", "signed-receipt-protocol=required, pkcs7-signature; signed-receipt-micalg=required, sha-256" },
        };
        foreach (var (name, value) in message.Headers)
            headers.Add(name, value);
        var request = new As2Request { Headers = headers, Body = new MemoryStream(message.Packed, writable: false), ContentLength = message.Packed.Length };
        var result = _receiver.ReceiveAsync(request, CancellationToken.None).AsTask().GetAwaiter().GetResult();
        if (result.Outcome != ReceiveOutcome.Accepted || result.Body.IsEmpty)
            throw new InvalidOperationException($"{result.Outcome}: {result.Diagnosis}");
    }

    private static As2Receiver NewReceiver()
    {
        var store = new InMemoryStore();
        var book = new PartnershipBook().Add(
            new Partnership { Local = new As2Identifier("bob"), Partner = new As2Identifier("alice") },
            PartnershipCertificates.Of(Message.Bob, Message.Alice));
        return new As2Receiver(
            new PartnerServices(book, book), new StorageServices(store, store, store), Options.Create(new As2Options()), new FixedTime(),
            NullLogger<As2Receiver>.Instance);
    }

    private sealed class FixedTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Message.Now;
    }
}
