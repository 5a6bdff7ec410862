using As2.Headers;
using As2.Receipts;

namespace As2;

/// <summary>How a request ended.</summary>
public enum ReceiveOutcome
{
    /// <summary>A message was taken and is durable.</summary>
    Accepted,

    /// <summary>A message that was taken before came again; nothing was delivered a second time.</summary>
    Duplicate,

    /// <summary>A message was refused by its content; the receipt says how.</summary>
    Refused,

    /// <summary>A receipt of a message of ours was taken.</summary>
    ReceiptTaken,

    /// <summary>The request was turned away before a message was seen: not AS2, an unknown partner, or our own trouble.</summary>
    TurnedAway,
}

/// <summary>The outcome of a request, and the HTTP answer that says it. Immutable.</summary>
public sealed record ReceiveResult
{
    /// <summary>How the request ended.</summary>
    public required ReceiveOutcome Outcome { get; init; }

    /// <summary>The HTTP status to answer with.</summary>
    public required int StatusCode { get; init; }

    /// <summary>The header fields to answer with.</summary>
    public HeaderFields Headers { get; init; } = [];

    /// <summary>The body to answer with: a synchronous receipt, or empty.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The disposition of the message, where there was one.</summary>
    public Disposition? Disposition { get; init; }

    /// <summary>Our identifier of the message, where it was stored.</summary>
    public string? Id { get; init; }

    /// <summary>Plain words for our operator; never for the partner.</summary>
    public string? Diagnosis { get; init; }

    internal static ReceiveResult TurnAway(int status, string diagnosis, TimeSpan? retryAfter = null)
    {
        var headers = new HeaderFields();
        if (retryAfter is { } wait)
            headers.Add("Retry-After", ((int)Math.Ceiling(wait.TotalSeconds)).ToString(System.Globalization.CultureInfo.InvariantCulture));
        return new ReceiveResult { Outcome = ReceiveOutcome.TurnedAway, StatusCode = status, Headers = headers, Diagnosis = diagnosis };
    }
}
