using System.Globalization;
using System.Text;
using As2.Storage;
using ManagedGateway.Operations.Access;

namespace ManagedGateway.Operations.Figures;

/// <summary>What is billed: messages and bytes of one organisation, partner, direction and month.</summary>
internal sealed record UsageLine(string Month, string Organisation, string Local, string Partner, MessageDirection Direction, long Messages, long Bytes);

/// <summary>
/// Metering, read from the messages themselves: what was received and verified (accepted or delivered), and what a partner acknowledged.
/// Receipts, refused messages and duplicates are no such messages. A message counts in the month in which it was made. Thread-safe.
/// </summary>
internal sealed class Usage(IStoreStatistics statistics, Organisations organisations)
{
    /// <summary>Whether a message of this kind is billed.</summary>
    public static bool IsBilled(MessageState state) => state is MessageState.Accepted or MessageState.Delivered or MessageState.Acknowledged;

    /// <summary>The lines of the months from one to another, both included.</summary>
    public async Task<IReadOnlyList<UsageLine>> ReadAsync(Caller caller, DateOnly first, DateOnly last, CancellationToken cancellationToken)
    {
        var counts = await statistics.CountAsync(StartOf(first), StartOf(last).AddMonths(1), CountPeriod.Month, cancellationToken);
        return
        [
            .. counts.Where(c => IsBilled(c.State) && organisations.Sees(caller, c.Local))
                .GroupBy(c => (Month: c.Period.ToString("yyyy-MM", CultureInfo.InvariantCulture), c.Local, c.Partner, c.Direction))
                .Select(g => new UsageLine(
                    g.Key.Month, organisations.Of(g.Key.Local), g.Key.Local.Value, g.Key.Partner.Value, g.Key.Direction, g.Sum(c => c.Messages), g.Sum(c => c.Bytes)))
                .OrderBy(l => l.Month, StringComparer.Ordinal).ThenBy(l => l.Organisation, StringComparer.Ordinal).ThenBy(l => l.Partner, StringComparer.Ordinal).ThenBy(l => l.Direction),
        ];
    }

    /// <summary>As comma-separated values (RFC 4180); a name that a spreadsheet would run as a formula begins with an apostrophe.</summary>
    public static string ToCsv(IEnumerable<UsageLine> lines)
    {
        var csv = new StringBuilder("month,organisation,station,partner,direction,messages,bytes\r\n");
        foreach (var line in lines)
            csv.Append(CultureInfo.InvariantCulture, $"{line.Month},{Cell(line.Organisation)},{Cell(line.Local)},{Cell(line.Partner)},{line.Direction},{line.Messages},{line.Bytes}\r\n");
        return csv.ToString();
    }

    private static string Cell(string text)
    {
        var safe = text is ['=' or '+' or '-' or '@' or '\t' or '\r', ..] ? "'" + text : text;
        return safe.AsSpan().IndexOfAny(",\"\r\n") < 0 ? safe : $"\"{safe.Replace("\"", "\"\"")}\"";
    }

    private static DateTimeOffset StartOf(DateOnly month) => new(month.Year, month.Month, 1, 0, 0, 0, TimeSpan.Zero);
}
