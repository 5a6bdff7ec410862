using System.Globalization;
using As2.Storage;
using ManagedGateway.Operations.Access;
using MudBlazor;

namespace ManagedGateway.Console.Parts;

/// <summary>Numbers, moments and states for people.</summary>
internal static class Words
{
    private static readonly string[] s_units = ["B", "KiB", "MiB", "GiB", "TiB"];

    private static readonly NumberFormatInfo s_spaced = new() { NumberGroupSeparator = "\u202f" };

    /// <summary>A length with three digits at most.</summary>
    public static string Bytes(long bytes)
    {
        var (value, unit) = ((double)bytes, 0);
        for (; value >= 1000 && unit < s_units.Length - 1; unit++)
            value /= 1024;
        return string.Create(CultureInfo.InvariantCulture, $"{value.ToString(value < 10 && unit > 0 ? "0.0" : "0", CultureInfo.InvariantCulture)} {s_units[unit]}");
    }

    /// <summary>A moment in UTC.</summary>
    public static string Moment(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>A day in UTC.</summary>
    public static string Day(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>A moment that somebody chose, in UTC; null for none.</summary>
    public static DateTimeOffset? ReadMoment(string? text)
        => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : null;

    /// <summary>A number with its thousands apart.</summary>
    public static string Count(long number) => number.ToString("#,0", s_spaced);

    /// <summary>How long ago, coarse.</summary>
    public static string Ago(DateTimeOffset at, DateTimeOffset now) => (now - at) switch
    {
        { TotalMinutes: < 1 } => "under a minute",
        { TotalHours: < 1 } span => $"{(int)span.TotalMinutes} min",
        { TotalDays: < 2 } span => $"{(int)span.TotalHours} h",
        var span => $"{(int)span.TotalDays} days",
    };

    /// <summary>A role's name with spaces.</summary>
    public static string Of(Role role) => role switch
    {
        Role.PartnerAdmin => "Partner administrator",
        Role.SecurityAdmin => "Security administrator",
        _ => role.ToString(),
    };

    /// <summary>How a state looks: done, under way, or a person's work.</summary>
    public static Color ColorOf(MessageState state) => state switch
    {
        MessageState.Delivered or MessageState.Acknowledged => Color.Success,
        MessageState.Refused or MessageState.Rejected or MessageState.MicMismatch or MessageState.Expired => Color.Error,
        MessageState.Suspended or MessageState.RetryWait => Color.Warning,
        MessageState.Cancelled => Color.Default,
        _ => Color.Info,
    };

    /// <summary>A state's name with spaces.</summary>
    public static string Of(MessageState state) => state switch
    {
        MessageState.AwaitingReceipt => "Awaiting receipt",
        MessageState.RetryWait => "Retry wait",
        MessageState.MicMismatch => "MIC mismatch",
        _ => state.ToString(),
    };
}
