using System.Globalization;
using As2.Agreements;

namespace As2.Storage;

/// <summary>Lists of an <see cref="InMemoryStore"/>.</summary>
internal static class MemoryQuery
{
    public static IReadOnlyList<MessageSummary> List(IEnumerable<StoredMessage> messages, MessageQuery query)
        => [.. messages.Where(m => Matches(m, query)).OrderByDescending(m => m.Id, StringComparer.Ordinal).Take(Math.Clamp(query.Max, 1, 1000)).Select(Summary)];

    public static StationUsage UsageOf(IEnumerable<StoredMessage> messages, As2Identifier local, DateTimeOffset day)
    {
        var used = default(StationUsage);
        foreach (var message in messages.Where(m => m.Key.Local == local))
        {
            var counts = message.State != MessageState.Refused && message.Created.UtcDateTime.Date == day.UtcDateTime.Date;
            used = new(used.Messages + (counts ? 1 : 0), used.Bytes + message.Payloads.Where(p => !p.Content.IsPurged).Sum(p => p.Content.Length));
        }
        return used;
    }

    private static bool Matches(StoredMessage message, MessageQuery query)
        => (query.Before is null || string.CompareOrdinal(message.Id, query.Before) < 0)
            && (query.From is null || string.CompareOrdinal(message.Id, IdAt(query.From.Value)) >= 0)
            && (query.Until is null || string.CompareOrdinal(message.Id, IdAt(query.Until.Value)) < 0)
            && (query.Direction is null || message.Key.Direction == query.Direction)
            && (query.State is null || message.State == query.State)
            && (query.Local is null || message.Key.Local == query.Local)
            && (query.Partner is null || message.Key.Partner == query.Partner)
            && (query.Text is null || Holds(message.Key.MessageId, query.Text) || Holds(FileName(message), query.Text));

    // The first 48 bits of a version 7 UUID are its Unix time in milliseconds.
    private static string IdAt(DateTimeOffset moment) => Math.Max(0, moment.ToUnixTimeMilliseconds()).ToString("x12", CultureInfo.InvariantCulture);

    private static bool Holds(string? value, string text) => value?.Contains(text, StringComparison.OrdinalIgnoreCase) == true;

    private static string? FileName(StoredMessage message) => message.Payloads.Count > 0 ? message.Payloads[0].FileName : null;

    private static MessageSummary Summary(StoredMessage message) => new()
    {
        Id = message.Id,
        Key = message.Key,
        State = message.State,
        Created = message.Created,
        Changed = message.Changed,
        FileName = FileName(message),
        Length = message.Payloads.Sum(p => p.Content.Length),
        Disposition = message.Disposition,
        Security = message.Security,
        Diagnosis = message.Diagnosis,
        Account = message.Account,
        Attempts = message.Attempts,
    };
}
