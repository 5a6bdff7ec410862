namespace As2.Storage;

/// <summary>Where periods begin and end.</summary>
internal static class CountPeriods
{
    /// <summary>The start of the period in which a moment lies.</summary>
    public static DateTimeOffset StartOf(this CountPeriod period, DateTimeOffset moment)
    {
        var at = moment.UtcDateTime;
        return new DateTimeOffset(at.Year, at.Month, period == CountPeriod.Hour ? at.Day : 1, period == CountPeriod.Hour ? at.Hour : 0, 0, 0, TimeSpan.Zero);
    }

    /// <summary>The end of the last period that starts before a moment.</summary>
    public static DateTimeOffset EndOf(this CountPeriod period, DateTimeOffset moment)
    {
        var start = period.StartOf(moment);
        if (start == moment)
            return start;
        return period == CountPeriod.Hour ? start.AddHours(1) : start.AddMonths(1);
    }
}
