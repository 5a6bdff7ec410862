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
        users.MapPut("/{number:long}", (long number, UserChange change, Caller caller, UserDesk desk) => desk.Change(caller, number, change))
            .WithName("ChangeUser").WithSummary("Gives a user another role or organisation, at once.");
        users.MapPost("/{number:long}/invitation", (long number, Caller caller, UserDesk desk) => new MadeLink(desk.Invite(caller, number)))
            .WithName("InviteUser").WithSummary("Makes a link, good once and for three days, by which a user chooses a password; the present one opens nothing any more.");
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
