using System.Runtime.InteropServices;

namespace As2.Storage;

/// <summary>The history of an <see cref="InMemoryStore"/>, under its lock.</summary>
internal sealed class MemoryEvents
{
    private readonly Dictionary<string, List<Line>> _histories = [];
    private long _last;

    public void Add(string messageId, DateTimeOffset now, string kind, string text)
    {
        ref var history = ref CollectionsMarshal.GetValueRefOrAddDefault(_histories, messageId, out _);
        (history ??= []).Add(new Line(++_last, now, kind, HeldBlock.Hold(text)));
    }

    public IReadOnlyList<MessageEvent> Of(string messageId)
        => _histories.TryGetValue(messageId, out var history) ? [.. history.Select(line => line.Of(messageId))] : [];

    /// <summary>Those after a sequence; of one kind, or of any.</summary>
    public IReadOnlyList<MessageEvent> After(long sequence, int max, string? kind = null)
    {
        var later =
            from history in _histories
            from line in history.Value
            where line.Sequence > sequence && (kind is null || line.Kind == kind)
            orderby line.Sequence
            select (history.Key, Line: line);
        return [.. later.Take(max).Select(found => found.Line.Of(found.Key))];
    }

    public void Forget(string messageId) => _histories.Remove(messageId);

    private readonly record struct Line(long Sequence, DateTimeOffset At, string Kind, HeldOctets Text)
    {
        public MessageEvent Of(string messageId) => new(Sequence, messageId, At, Kind, Text.ToString());
    }
}
