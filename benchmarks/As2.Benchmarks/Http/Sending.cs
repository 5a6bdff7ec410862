using As2.Agreements;
using As2.Certificates;
using As2.Layers;
using As2.Payloads;

namespace As2.Benchmarks.Http;

/// <summary>A sender with its store in memory, and the partner to whom it sends.</summary>
internal sealed class Sending : IDisposable
{
    private readonly As2Sender _sender;
    private readonly Partnership _partnership;
    private readonly Payload _payload;

    /// <param name="port">Where the partner listens.</param>
    /// <param name="size">Bytes of each payload.</param>
    public Sending(int port, int size)
    {
        _partnership = new Partnership
        {
            Local = new As2Identifier("alice"),
            Partner = new As2Identifier("bob"),
            Endpoint = new Uri($"http://127.0.0.1:{port}/as2"),
            Sending = new SecurityAgreement { Cipher = ContentCipher.Aes128Cbc },
        };
        _sender = As2Sender.Create(new PartnershipBook().Add(_partnership, PartnershipCertificates.Of(Message.Alice, Message.Bob)));
        var content = new byte[size];
        _payload = new Payload { OpenAsync = _ => ValueTask.FromResult<Stream>(new MemoryStream(content, writable: false)), Length = size };
    }

    /// <summary>Sends one message and looks that its receipt confirms it.</summary>
    public async Task SendAsync()
    {
        var result = await _sender.SendAsync(_payload, _partnership, CancellationToken.None);
        if (!result.IsAcknowledged)
            throw new InvalidOperationException(result.Reason);
    }

    public void Dispose() => _sender.Dispose();
}
