using ManagedGateway.Operations.Access;

namespace ManagedGateway.Api;

/// <summary>Who operates the gateway.</summary>
internal static class UsersApi
{
    public static void MapUsers(this RouteGroupBuilder api)
    {
        api.MapGet("/me", (Caller caller) => new { caller.Name, caller.Role, caller.Organisation })
            .For(Role.Viewer).WithName("GetMe").WithSummary("Who you are, and what you may do.");

        var users = api.MapGroup("/users").For(Role.SecurityAdmin).WithTags("Users");
        users.MapGet("", (Caller caller, UserDesk desk) => desk.List(caller)).WithName("ListUsers").WithSummary("Every user.");
        users.MapPost("", (NewUser user, Caller caller, UserDesk desk) => Results.Created("/api/v1/users", desk.Add(caller, user)))
            .Produces<User>(StatusCodes.Status201Created).WithName("AddUser").WithSummary("Adds a user.");
        users.MapPost("/{number:long}/password", (long number, NewPassword password, Caller caller, UserDesk desk) => Done(() => desk.SetPassword(caller, number, password.Password)))
            .WithName("SetPassword").WithSummary("Gives a user a new password; their sessions end.");
        users.MapPost("/{number:long}/disable", (long number, Caller caller, UserDesk desk) => Done(() => desk.Disable(caller, number, disabled: true)))
            .WithName("DisableUser").WithSummary("Lets a user in no more; tokens rest.");
        users.MapPost("/{number:long}/enable", (long number, Caller caller, UserDesk desk) => Done(() => desk.Disable(caller, number, disabled: false)))
            .WithName("EnableUser").WithSummary("Lets a user in again.");
    }

    private static IResult Done(Action action)
    {
        action();
        return Results.NoContent();
    }
}

/// <summary>A new password.</summary>
internal sealed record NewPassword(string Password);
