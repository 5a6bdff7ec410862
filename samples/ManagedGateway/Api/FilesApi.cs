using ManagedGateway.Operations.Access;
using ManagedGateway.Operations.Messages;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;

namespace ManagedGateway.Api;

/// <summary>Sending a file: the body is the file, of any length.</summary>
internal static class FilesApi
{
    public static void MapFiles(this RouteGroupBuilder api) => api.MapPost("/messages", SendAsync).For(Role.Operator).WithTags("Messages")
        .Accepts<Stream>("application/octet-stream", "*/*").Produces<MadeMessage>(StatusCodes.Status201Created).ProducesProblem(StatusCodes.Status400BadRequest)
        .WithName("SendFile").WithSummary("Sends the body as a message. The same Idempotency-Key sends the same file once.");

    private static async Task<IResult> SendAsync(
        HttpRequest request, Caller caller, FileIntake intake, string local, string partner, string? fileName, [FromHeader(Name = "Idempotency-Key")] string? key, CancellationToken ended)
    {
        if (key is { Length: > 200 })
            throw new As2.As2Exception("GW-API-001", "An Idempotency-Key has at most 200 characters.");
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = null;
        // What curl sends by itself says nothing about the file.
        var type = request.ContentType is null or "application/octet-stream" or "application/x-www-form-urlencoded" ? null : request.ContentType;
        return MessagesApi.Made(await intake.TakeAsync(caller, new NewFile(local, partner, fileName, type, key), request.Body, request.ContentLength, ended));
    }
}
