namespace As2.Storage;

/// <summary>The history of an <see cref="InMemoryStore"/>, under its lock.</summary>
internal sealed class MemoryEvents
{
    private readonly List<Line> _lines = [];
    private long _last;

    public void Add(string messageId, DateTimeOffset now, string kind, string text)
        => _lines.Add(new Line(++_last, messageId, now, kind, HeldBlock.Hold(text)));

    public IReadOnlyList<MessageEvent> Of(string messageId) => [.. _lines.Where(l => l.MessageId == messageId).Select(l => l.Read())];

    /// <summary>Those after a sequence; of one kind, or of any.</summary>
    public IReadOnlyList<MessageEvent> After(long sequence, int max, string? kind = null)
        => [.. _lines.Where(l => l.Sequence > sequence && (kind is null || l.Kind == kind)).Take(max).Select(l => l.Read())];

    public void Forget(string messageId) => _lines.RemoveAll(l => l.MessageId == messageId);

    private readonly record struct Line(long Sequence, string MessageId, DateTimeOffset At, string Kind, HeldOctets Text)
    {
        public MessageEvent Read() => new(Sequence, MessageId, At, Kind, Text.ToString());
    }
}
