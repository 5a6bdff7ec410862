using System.Globalization;
using As2.Storage;

namespace ManagedGateway.Stores;

/// <summary>A message as one text, for comparing: everything but where its octets lie.</summary>
internal static class MessageText
{
    public static string Of(StoredMessage m) => string.Create(CultureInfo.InvariantCulture,
        $"""
        {m.Id} {m.Key} {m.MessageId} {m.State} {m.Created:O} {m.Changed:O} {m.Disposition} {m.ReceiptUrl?.OriginalString} {m.Security} {m.Diagnosis}
        {m.Account} {m.Attempts} {m.ResubmissionOf} {string.Join('|', m.Mics)}
        {string.Join('\n', m.Payloads.Select(p => $"{p.ContentType} {p.FileName} {p.ContentId} {Of(p.Content)}"))}
        {Of(m.Wire)}
        {Of(m.Receipt)}
        """);

    /// <summary>The contents of a message, in one order.</summary>
    public static IEnumerable<StoredContent> ContentsOf(StoredMessage m)
        => m.Payloads.Select(p => p.Content).Concat(((WireMessage?[])[m.Wire, m.Receipt]).Where(w => w is not null).Select(w => w!.Body));

    private static string Of(WireMessage? wire) => wire is null ? "" : $"{string.Join('\n', wire.Headers.Select(h => $"{h.Key}: {h.Value}"))} {Of(wire.Body)}";

    private static string Of(StoredContent content) => string.Create(CultureInfo.InvariantCulture, $"{content.Length} {content.Sha256} {content.IsPurged}");
}
