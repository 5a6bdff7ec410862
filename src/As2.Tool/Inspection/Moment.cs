using System.Globalization;
using As2.Headers;
using MimeKit.Utils;

namespace As2.Tool.Inspection;

/// <summary>
/// The moment at which certificates are judged. An old capture is judged at its own time: what a receiver answered then, not what it
/// would answer today.
/// </summary>
/// <param name="Value">The moment.</param>
/// <param name="Source">Where it comes from, in plain words.</param>
internal sealed record Moment(DateTimeOffset Value, string Source)
{
    /// <summary>The one given, else the Date header, else the present.</summary>
    public static Moment Of(HeaderFields headers, DateTimeOffset? given, TimeProvider clock)
    {
        if (given is { } at)
            return new Moment(at, "--at");
        return DateUtils.TryParse((headers[As2HeaderNames.Date] ?? "").Trim().Trim('"'), out var date)
            ? new Moment(date, "its Date header")
            : new Moment(clock.GetUtcNow(), "now");
    }

    /// <summary>The signing time instead of the present, where there is one.</summary>
    public Moment Or(DateTimeOffset? signingTime) => Source == "now" && signingTime is { } time ? new Moment(time, "its signing time") : this;

    /// <summary>The moment in UTC, and its source.</summary>
    public override string ToString() => $"{Text(Value)} ({Source})";

    /// <summary>ISO 8601 in UTC.</summary>
    public static string Text(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
