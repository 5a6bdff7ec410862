using As2.Certificates;
using ManagedGateway.Configuration.Desks;
using ManagedGateway.Operations.Access;

namespace ManagedGateway.Api;

/// <summary>Organisations, and our stations with their keys.</summary>
internal static class StationsApi
{
    public static void MapStations(this RouteGroupBuilder api)
    {
        var organisations = api.MapGroup("/organisations").WithTags("Organisations");
        organisations.MapGet("", (Caller caller, OrganisationDesk desk) => desk.List(caller)).For(Role.Viewer).WithName("ListOrganisations").WithSummary("Organisations with their stations.");
        organisations.MapPost("", (NewOrganisation organisation, Caller caller, OrganisationDesk desk) => ChangeAnswers.Of(desk.Add(caller, organisation.Name)))
            .For(Role.PartnerAdmin).Changes().WithName("AddOrganisation").WithSummary("Adds an organisation.");
        organisations.MapDelete("/{name}", (string name, Caller caller, OrganisationDesk desk) => ChangeAnswers.Of(desk.Remove(caller, name)))
            .For(Role.PartnerAdmin).Changes().WithName("RemoveOrganisation").WithSummary("Removes an organisation without stations.");

        var stations = api.MapGroup("/stations").WithTags("Organisations");
        stations.MapGet("", (Caller caller, StationDesk desk) => desk.List(caller)).For(Role.Viewer).WithName("ListStations").WithSummary("Our AS2 names with their certificates.");
        stations.MapPost("", async (NewStation station, Caller caller, StationDesk desk, CancellationToken ended) => ChangeAnswers.Of(await desk.AddAsync(caller, station, ended)))
            .For(Role.PartnerAdmin).Changes().WithName("AddStation").WithSummary("Adds a station with a key that is made here.");
        stations.MapDelete("/{name}", (string name, Caller caller, StationDesk desk) => ChangeAnswers.Of(desk.Remove(caller, name)))
            .For(Role.PartnerAdmin).Changes().WithName("RemoveStation").WithSummary("Removes a station that no partnership names.");
        stations.MapPost("/{name}/certificates", (string name, NextKey next, Caller caller, StationDesk desk) => ChangeAnswers.Of(next.File is { } file
                ? desk.RollOver(caller, name, file.ToUpload(), next.From)
                : desk.RollOver(caller, name, next.Key ?? new NewKey(), next.From)))
            .For(Role.PartnerAdmin).RequireRateLimiting(UploadLimit.Name).Changes().WithName("RollOverStation")
            .WithSummary("Adds a key that signs from a moment on, and opens messages at once: made here, or from a PKCS#12 or PEM file.");
        stations.MapDelete("/{name}/certificates/{id}", (string name, string id, Caller caller, StationDesk desk) => ChangeAnswers.Of(desk.RemoveKey(caller, name, id)))
            .For(Role.PartnerAdmin).Changes().WithName("RemoveStationKey").WithSummary("Removes a key: what is still encrypted to it cannot be opened any more.");
        stations.MapGet("/{name}/certificates/{sha256}/{form}", Download).For(Role.Viewer).Produces(200, contentType: "application/octet-stream")
            .WithName("GetStationCertificate").WithSummary("The certificate for partners, without its key; form is pem, der or p7b.");
    }

    private static IResult Download(string name, string sha256, string form, Caller caller, StationDesk desk)
    {
        using var certificate = desk.Public(caller, name, sha256);
        return certificate is null ? Problems.NotFound("certificate") : CertificateDownload.Of(certificate, name, form);
    }
}

/// <summary>An organisation to be added.</summary>
internal sealed record NewOrganisation(string Name);

/// <summary>Our next key.</summary>
/// <param name="From">When it begins to sign; null: at once.</param>
/// <param name="Key">How to make it; null: by the defaults.</param>
/// <param name="File">A key that was made elsewhere, in place of <paramref name="Key"/>.</param>
internal sealed record NextKey(DateTimeOffset? From = null, NewKey? Key = null, CertificateContent? File = null);

/// <summary>A certificate as a file for partners.</summary>
internal static class CertificateDownload
{
    /// <summary>PEM, DER or PKCS#7; anything else is not there.</summary>
    public static IResult Of(As2Certificate certificate, string name, string form) => form switch
    {
        "pem" => Results.File(System.Text.Encoding.ASCII.GetBytes(CertificateFile.ToPem(certificate)), "application/x-pem-file", NameOf(name) + ".pem"),
        "der" => Results.File(certificate.Der.ToArray(), "application/pkix-cert", NameOf(name) + ".cer"),
        "p7b" => Results.File(CertificateFile.ToPkcs7(certificate), "application/x-pkcs7-certificates", NameOf(name) + ".p7b"),
        _ => Problems.NotFound("form: ask for pem, der or p7b"),
    };

    private static string NameOf(string station) => string.Concat(station.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' ? c : '_'));
}
