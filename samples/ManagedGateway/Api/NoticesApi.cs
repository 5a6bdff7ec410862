using ManagedGateway.Configuration.Changes;
using ManagedGateway.Operations.Access;
using ManagedGateway.Operations.Alerts;
using ManagedGateway.Operations.Notices;

namespace ManagedGateway.Api;

/// <summary>Alerts, and who is told of them and of messages.</summary>
internal static class NoticesApi
{
    public static void MapNotices(this RouteGroupBuilder api)
    {
        var alerts = api.MapGroup("/alerts").WithTags("Alerts");
        alerts.MapGet("", (Caller caller, AlertBook book, bool? open, long? before, int? max) =>
            {
                var size = Math.Clamp(max ?? 100, 1, 1000);
                var items = book.List(caller, open ?? false, before, size);
                return new AlertPage(items, items.Count == size ? items[^1].Number : null);
            })
            .For(Role.Viewer).WithName("ListAlerts").WithSummary("What a person must look at, newest first; 'next' is the 'before' of the next page.");
        alerts.MapPost("/{number:long}/resolve", (long number, Caller caller, AlertBook book) =>
            {
                book.Resolve(caller, number);
                return Results.NoContent();
            })
            .For(Role.Operator).WithName("ResolveAlert").WithSummary("Resolves an alert of a message; the others resolve by themselves.");
        alerts.MapGet("/settings", (Caller caller, NoticeDesk desk) => desk.Alerts(caller).Settings)
            .For(Role.PartnerAdmin).WithName("GetAlertSettings").WithSummary("When people are told, and by which mail server.");
        alerts.MapPut("/settings", (AlertSettings settings, Caller caller, NoticeDesk desk) => ChangeAnswers.Of(desk.SetAlerts(caller, settings)))
            .For(Role.PartnerAdmin).Changes().WithName("PutAlertSettings").WithSummary("Sets when people are told, and the mail server; a password that is ••• stays.");

        var hooks = api.MapGroup("/webhooks").For(Role.PartnerAdmin).WithTags("Webhooks");
        hooks.MapGet("", (Caller caller, NoticeDesk desk) => desk.List(caller)).WithName("ListWebhooks").WithSummary("Addresses that are told of messages and alerts, and what waits for them.");
        hooks.MapPost("", (NewWebhook hook, Caller caller, NoticeDesk desk) => Made(desk.Add(caller, hook)))
            .Produces<MadeSecret>().Refuses().WithName("AddWebhook").WithSummary("Makes a webhook; the answer is the only place that shows the secret of its signatures.");
        hooks.MapDelete("/{name}", (string name, Caller caller, NoticeDesk desk) => ChangeAnswers.Of(desk.Remove(caller, name)))
            .Changes().WithName("RemoveWebhook").WithSummary("Removes a webhook.");
    }

    private static IResult Made((ChangeResult Result, string? Secret) made)
        => made.Secret is { } secret ? Results.Ok(new MadeSecret(secret)) : ChangeAnswers.Refusal(made.Result);
}

/// <summary>A page of alerts.</summary>
internal sealed record AlertPage(IReadOnlyList<Alert> Items, long? Next);

/// <summary>A secret that was made.</summary>
internal sealed record MadeSecret(string Secret);
