using ManagedGateway.Configuration.Desks;
using ManagedGateway.Operations;
using ManagedGateway.Operations.Access;

namespace ManagedGateway.Api;

/// <summary>FTP accounts.</summary>
internal static class AccountsApi
{
    public static void MapAccounts(this RouteGroupBuilder api)
    {
        var accounts = api.MapGroup("/accounts").WithTags("Accounts");
        accounts.MapGet("", (Caller caller, AccountList list, CancellationToken ended) => list.ReadAsync(caller, ended))
            .For(Role.Viewer).WithName("ListAccounts").WithSummary("FTP accounts with what lies in them.");
        accounts.MapPost("", async (NewAccount account, Caller caller, AccountDesk desk, CancellationToken ended) => Made(await desk.AddAsync(caller, account, ended)))
            .For(Role.PartnerAdmin).Produces<MadePassword>().Refuses().WithName("AddAccount").WithSummary("Makes an account; the answer is the only place that shows its password.");
        accounts.MapPut("/{name}", (string name, AccountChange change, Caller caller, AccountDesk desk) => ChangeAnswers.Of(desk.Change(caller, name, change)))
            .For(Role.PartnerAdmin).Changes().WithName("ChangeAccount").WithSummary("Sets its quota, and whether anybody signs in.");
        accounts.MapPost("/{name}/password", (string name, Caller caller, AccountDesk desk) => Made(desk.ResetPassword(caller, name)))
            .For(Role.PartnerAdmin).Produces<MadePassword>().Refuses().WithName("ResetAccountPassword").WithSummary("Makes a new password; the answer is the only place that shows it.");
        accounts.MapDelete("/{name}", (string name, Caller caller, AccountDesk desk) => ChangeAnswers.Of(desk.Remove(caller, name)))
            .For(Role.PartnerAdmin).Changes().WithName("RemoveAccount").WithSummary("Removes an account. Its files stay in the store.");
    }

    private static IResult Made((Configuration.Changes.ChangeResult Result, string? Password) made)
        => made.Password is { } password ? Results.Ok(new MadePassword(password)) : ChangeAnswers.Refusal(made.Result);
}

/// <summary>A password that was made.</summary>
internal sealed record MadePassword(string Password);
