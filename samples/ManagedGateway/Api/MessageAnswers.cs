using As2.Storage;

namespace ManagedGateway.Api;

/// <summary>A page of messages.</summary>
internal sealed record MessagePage(IReadOnlyList<MessageLine> Items, string? Next);

/// <summary>A message that was made.</summary>
internal sealed record MadeMessage(string Id);

/// <summary>A message in a list.</summary>
internal sealed record MessageLine(
    string Id, string MessageId, MessageDirection Direction, string Local, string Partner, MessageState State, DateTimeOffset Created, DateTimeOffset Changed,
    string? FileName, long Bytes, string? Disposition, string? Diagnosis, int Attempts)
{
    public static MessageLine Of(MessageSummary m) => new(
        m.Id, m.Key.MessageId, m.Key.Direction, m.Key.Local.Value, m.Key.Partner.Value, m.State, m.Created, m.Changed, m.FileName, m.Length, m.Disposition, m.Diagnosis, m.Attempts);
}

/// <summary>A payload of a message.</summary>
internal sealed record PayloadLine(string? FileName, string ContentType, long Bytes, string Sha256, bool Purged);

/// <summary>A line of a message's history.</summary>
internal sealed record EventLine(DateTimeOffset At, string Kind, string Text);

/// <summary>A message with its history.</summary>
internal sealed record MessageDetail
{
    public required string Id { get; init; }

    public required string MessageId { get; init; }

    public required MessageDirection Direction { get; init; }

    public required string Local { get; init; }

    public required string Partner { get; init; }

    public required MessageState State { get; init; }

    public required DateTimeOffset Created { get; init; }

    public required DateTimeOffset Changed { get; init; }

    public required string Security { get; init; }

    public required IReadOnlyList<string> Mics { get; init; }

    public string? Disposition { get; init; }

    public string? Diagnosis { get; init; }

    public required int Attempts { get; init; }

    public string? Account { get; init; }

    public string? ResubmissionOf { get; init; }

    public required bool HasReceipt { get; init; }

    public required IReadOnlyList<PayloadLine> Payloads { get; init; }

    public required IReadOnlyList<EventLine> History { get; init; }

    public static MessageDetail Of(StoredMessage m, IReadOnlyList<MessageEvent> history) => new()
    {
        Id = m.Id, MessageId = m.MessageId, Direction = m.Key.Direction, Local = m.Key.Local.Value, Partner = m.Key.Partner.Value, State = m.State,
        Created = m.Created, Changed = m.Changed, Security = m.Security, Mics = m.Mics, Disposition = m.Disposition, Diagnosis = m.Diagnosis,
        Attempts = m.Attempts, Account = m.Account, ResubmissionOf = m.ResubmissionOf, HasReceipt = m.Receipt is not null,
        Payloads = [.. m.Payloads.Select(p => new PayloadLine(p.FileName, p.ContentType, p.Content.Length, p.Content.Sha256, p.Content.IsPurged))],
        History = [.. history.Select(e => new EventLine(e.At, e.Kind, e.Text))],
    };
}
