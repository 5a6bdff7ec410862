using ManagedGateway.Operations;
using ManagedGateway.Operations.Access;

namespace ManagedGateway.Api;

/// <summary>How others reach this gateway.</summary>
internal static class AddressesApi
{
    public static void MapAddresses(this RouteGroupBuilder api)
    {
        var addresses = api.MapGroup("/addresses").WithTags("Configuration");
        addresses.MapGet("", (AddressDesk desk) => desk.Read().Settings).For(Role.Viewer).WithName("GetAddresses").WithSummary("How partners and browsers reach this gateway, where that is set.");
        addresses.MapPut("", (AddressSettings settings, Caller caller, AddressDesk desk) => ChangeAnswers.Of(desk.Set(caller, settings)))
            .For(Role.PartnerAdmin).Changes().WithName("PutAddresses").WithSummary("Sets what links and pages for partners say.");
    }
}
