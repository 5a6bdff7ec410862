using System.Globalization;
using ManagedGateway.Operations.Access;
using ManagedGateway.Operations.Figures;

namespace ManagedGateway.Api;

/// <summary>Figures: dashboard and usage.</summary>
internal static class FiguresApi
{
    public static void MapFigures(this RouteGroupBuilder api)
    {
        api.MapGet("/dashboard", (Caller caller, Dashboard dashboard, CancellationToken ended) => dashboard.ReadAsync(caller, ended))
            .For(Role.Viewer).WithTags("Figures").WithName("GetDashboard").WithSummary("How it goes: the last 24 hours, what waits, what ends soon.");
        api.MapGet("/usage", UsageAsync).For(Role.Viewer).WithTags("Figures").Produces<IReadOnlyList<UsageLine>>().WithName("GetUsage")
            .WithSummary("What is billed by month, organisation, partner and direction; from and to as 2026-01, format json or csv.");
    }

    private static async Task<IResult> UsageAsync(Caller caller, Usage usage, TimeProvider clock, string? from, string? to, string? format, CancellationToken ended)
    {
        var last = Month(to) ?? DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        var first = Month(from) ?? last;
        if (last < first || last > first.AddMonths(24))
            throw new As2.As2Exception("GW-API-001", "Name months with from no later than to, at most 24 apart.");
        var lines = await usage.ReadAsync(caller, first, last, ended);
        return format == "csv" ? Results.Text(Usage.ToCsv(lines), "text/csv") : Results.Ok(lines);
    }

    private static DateOnly? Month(string? text)
    {
        if (text is null)
            return null;
        return DateOnly.TryParseExact(text, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out var month)
            ? month
            : throw new As2.As2Exception("GW-API-001", $"'{text}' is no month: write it as 2026-01.");
    }
}
