using As2.Agreements;
using As2.Storage;
using ManagedGateway.Operations;
using ManagedGateway.Operations.Access;
using ManagedGateway.Operations.Messages;

namespace ManagedGateway.Api;

/// <summary>Messages: list, look, act.</summary>
internal static class MessagesApi
{
    public static void MapMessages(this RouteGroupBuilder api)
    {
        var messages = api.MapGroup("/messages").WithTags("Messages");
        messages.MapGet("", ListAsync).For(Role.Viewer).WithName("ListMessages").WithSummary("Messages, newest first. 'next' is the 'before' of the next page; null at the end.");
        messages.MapGet("/{id}", GetAsync).For(Role.Viewer).Produces<MessageDetail>().WithName("GetMessage").WithSummary("One message with its history.");
        messages.MapGet("/{id}/evidence", EvidenceAsync).For(Role.Operator).Produces(200, contentType: "application/zip").WithName("GetEvidence")
            .WithSummary("What proves that the message arrived, as a zip that openssl verifies offline.");
        messages.MapPost("/{id}/retry", async (string id, Caller caller, MessageDesk desk, CancellationToken ended) => await Done(desk.RetryAsync(caller, id, ended)))
            .For(Role.Operator).WithName("RetryMessage").WithSummary("Tries a waiting or suspended message now, with the same bytes.");
        messages.MapPost("/{id}/cancel", async (string id, Caller caller, MessageDesk desk, CancellationToken ended) => await Done(desk.CancelAsync(caller, id, ended)))
            .For(Role.Operator).WithName("CancelMessage").WithSummary("Withdraws a message that is under way.");
        messages.MapPost("/{id}/resubmit", async (string id, Caller caller, MessageDesk desk, CancellationToken ended) => Made(await desk.ResubmitAsync(caller, id, ended)))
            .For(Role.Operator).Produces<MadeMessage>(StatusCodes.Status201Created).WithName("ResubmitMessage").WithSummary("Sends the payload anew, under a new Message-ID.");
    }

    /// <summary>A message that was made.</summary>
    public static IResult Made(string id) => Results.Created($"/api/v1/messages/{id}", new MadeMessage(id));

    private static async Task<MessagePage> ListAsync([AsParameters] MessageFilter filter, Caller caller, MessageDesk desk, CancellationToken ended)
    {
        var query = filter.ToQuery();
        var found = await desk.ListAsync(caller, query, ended);
        return new MessagePage([.. found.Select(MessageLine.Of)], found.Count == query.Max ? found[^1].Id : null);
    }

    private static async Task<IResult> GetAsync(string id, Caller caller, MessageDesk desk, CancellationToken ended)
        => await desk.FindAsync(caller, id, ended) is { } message
            ? Results.Ok(MessageDetail.Of(message, await desk.HistoryAsync(message, ended)))
            : Problems.NotFound("message");

    private static async Task<IResult> EvidenceAsync(string id, Caller caller, MessageDesk desk, CancellationToken ended)
        => Results.Stream(await desk.EvidenceAsync(caller, id, ended), "application/zip", "evidence.zip");

    private static async Task<IResult> Done(Task action)
    {
        await action;
        return Results.NoContent();
    }
}

/// <summary>Which messages to list.</summary>
internal sealed record MessageFilter(string? Before, int? Max, MessageDirection? Direction, MessageState? State, string? Local, string? Partner, string? Text,
    DateTimeOffset? From, DateTimeOffset? Until)
{
    /// <exception cref="As2.As2Exception">GW-API-001: a name is no AS2 name.</exception>
    public MessageQuery ToQuery() => new()
    {
        Before = Before, Max = Math.Clamp(Max ?? 100, 1, 1000), Direction = Direction, State = State, Local = Name(Local), Partner = Name(Partner), From = From, Until = Until,
        Text = string.IsNullOrWhiteSpace(Text) ? null : Text.Trim(),
    };

    private static As2Identifier? Name(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return null;
        return As2Names.TryRead(text, out var name) ? name : throw new As2.As2Exception("GW-API-001", "An AS2 name has 1 to 128 printable ASCII characters.");
    }
}
