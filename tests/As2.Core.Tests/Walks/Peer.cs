using As2.Agreements;
using As2.Headers;
using As2.Layers;
using As2.Receipts;
using As2.Storage;

namespace As2.Core.Tests.Walks;

/// <summary>Bob's receiver, spoken to by hand: what Alice's product would post, header by header.</summary>
internal sealed class Peer : IDisposable
{
    private readonly TwoParties _parties;

    public Peer(params PartnerQuirk[] quirks) : this(p => p with { Quirks = quirks.ToHashSet() })
    {
    }

    public Peer(Func<Partnership, Partnership> adaptBob)
        => _parties = new TwoParties(null, p => adaptBob(p with { Receiving = new SecurityRequirements { RequireSigned = false, RequireEncrypted = false } }));

    public TwoParties Parties => _parties;

    public InMemoryStore Store => _parties.BobStore;

    /// <summary>Posts a body with these header fields beside the usual ones; a field given replaces the usual one of that name.</summary>
    public async Task<ReceiveResult> PostAsync(byte[] body, params (string Name, string Value)[] fields)
    {
        (string Name, string Value)[] usual =
        [
            (As2HeaderNames.As2From, "Alice"), (As2HeaderNames.As2To, "Bob"), (As2HeaderNames.MessageId, $"<{Guid.NewGuid():N}@alice>"),
            (As2HeaderNames.ContentType, "application/edifact"), (As2HeaderNames.DispositionNotificationTo, "alice@alice"),
        ];
        var headers = new HeaderFields();
        foreach (var (name, value) in usual.Where(u => !fields.Any(f => f.Name == u.Name)).Concat(fields))
            headers.Add(name, value);
        return await _parties.Receiver.ReceiveAsync(new As2Request { Headers = headers, Body = new MemoryStream(body), ContentLength = body.Length }, default);
    }

    /// <summary>Posts what a layer writer made.</summary>
    public Task<ReceiveResult> PostAsync(Layers.LayerWriting message, params (string Name, string Value)[] fields)
        => PostAsync(message.Body, [.. message.Headers.Where(h => !fields.Any(f => f.Name == h.Key)).Select(h => (h.Key, h.Value)), .. fields]);

    /// <summary>A message from Alice to Bob with their keys.</summary>
    public static Layers.LayerWriting Write(SecurityAgreement security, byte[] payload, params PartnerQuirk[] quirks)
        => Layers.LayerWriting.Of(
            Layers.LayerWriting.Options(security, TwoParties.Keys("Bob")) with
            {
                Signer = TwoParties.Keys("Alice"), Quirks = quirks.ToHashSet(), Now = TimeProvider.System.GetUtcNow(),
            }, payload);

    /// <summary>The receipt of an answer.</summary>
    public static Receipt ReceiptOf(ReceiveResult answer)
        => ReceiptReader.Read(answer.Headers, answer.Body, [TwoParties.Keys("Bob")], TimeProvider.System.GetUtcNow());

    /// <summary>The payloads of what was stored.</summary>
    public async Task<List<(StoredPayload About, byte[] Octets)>> PayloadsAsync(ReceiveResult answer)
    {
        var payloads = new List<(StoredPayload, byte[])>();
        foreach (var payload in (await Store.GetAsync(answer.Id!, default))!.Payloads)
            payloads.Add((payload, await TwoParties.ReadAsync(Store, payload.Content)));
        return payloads;
    }

    public static MessageIntegrityCheck Mic(DigestAlgorithm digest, ReadOnlySpan<byte> octets) => new(digest, Digester.Hash(digest, octets));

    public void Dispose() => _parties.Dispose();
}
