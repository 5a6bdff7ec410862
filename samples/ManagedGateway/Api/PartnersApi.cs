using As2.Agreements;
using ManagedGateway.Configuration.Desks;
using ManagedGateway.Operations;
using ManagedGateway.Operations.Access;
using ManagedGateway.Operations.Figures;

namespace ManagedGateway.Api;

/// <summary>Partnerships and certificates.</summary>
internal static class PartnersApi
{
    public static void MapPartners(this RouteGroupBuilder api)
    {
        var all = api.MapGroup("").WithTags("Partners");
        all.MapGet("/partnerships", (Caller caller, PartnershipBook book, Organisations organisations) => PartnershipLine.Of(caller, book, organisations))
            .For(Role.Viewer).WithName("ListPartnerships").WithSummary("Whom we trade with, and how.");
        all.MapGet("/certificates", (Caller caller, Certificates certificates, CancellationToken ended) => certificates.ListAsync(caller, ended))
            .For(Role.Viewer).WithName("ListCertificates").WithSummary("Certificates in use, the first to end first.");
        all.MapGet("/presets", () => PartnerPreset.All.Select(p => new PresetLine(p.Name, p.Product, p.Why)))
            .For(Role.Viewer).WithName("ListPresets").WithSummary("What is known to work with a product: the setting Preset of a partnership.");
        all.MapGet("/partnership-settings", () => PartnershipDesk.Describe())
            .For(Role.Viewer).WithName("ListPartnershipSettings").WithSummary("Every setting of a partnership: what it accepts, what it means, what holds without it.");

        var one = all.MapGroup("/partnerships/{local}/{partner}");
        one.MapGet("", (string local, string partner, Caller caller, PartnershipDesk desk) => desk.Find(caller, local, partner) is { } found ? Results.Ok(found) : Problems.NotFound("partnership"))
            .For(Role.Viewer).Produces<PartnershipDetail>().WithName("GetPartnership").WithSummary("One partnership as it is written; secrets are hidden.");
        one.MapPut("", (string local, string partner, WantedPartnership wanted, Caller caller, PartnershipDesk desk)
                => ChangeAnswers.Of(desk.Put(caller, local, partner, wanted.Settings, wanted.Certificate?.ToUpload())))
            .For(Role.PartnerAdmin).Changes().WithName("PutPartnership").WithSummary("Adds a partnership, or gives it these settings in place of its own. Certificates stay; so does a secret that is •••.");
        one.MapDelete("", (string local, string partner, Caller caller, PartnershipDesk desk) => ChangeAnswers.Of(desk.Remove(caller, local, partner)))
            .For(Role.PartnerAdmin).Changes().WithName("RemovePartnership").WithSummary("Removes a partnership. Its messages stay.");

        var certificates = one.MapGroup("/certificates").For(Role.PartnerAdmin).RequireRateLimiting(UploadLimit.Name);
        certificates.MapPost("", (string local, string partner, WantedCertificate wanted, Caller caller, PartnerCertificateDesk desk)
                => ChangeAnswers.Of(desk.Add(caller, local, partner, wanted.File.ToUpload(), wanted.Use ?? new CertificateUse())))
            .Changes().WithName("AddPartnerCertificate").WithSummary("Adds a certificate of the partner: PEM, DER, PKCS#7 or PKCS#12. SwitchAt schedules a switch.");
        certificates.MapPut("/{id}", (string local, string partner, string id, CertificateUse use, Caller caller, PartnerCertificateDesk desk)
                => ChangeAnswers.Of(desk.Change(caller, local, partner, id, use)))
            .Changes().WithName("ChangePartnerCertificate").WithSummary("Gives a certificate another window, or another use.");
        certificates.MapDelete("/{id}", (string local, string partner, string id, Caller caller, PartnerCertificateDesk desk) => ChangeAnswers.Of(desk.Remove(caller, local, partner, id)))
            .Changes().WithName("RemovePartnerCertificate").WithSummary("Takes a certificate out of use.");
    }
}

/// <summary>A starting point for a product.</summary>
internal sealed record PresetLine(string Name, string Product, string Why);

/// <summary>A file that holds a certificate, in base64.</summary>
internal sealed record CertificateContent(byte[] Content, string? Password = null)
{
    public CertificateUpload ToUpload() => new(Content, Password);
}

/// <summary>A certificate to be added.</summary>
internal sealed record WantedCertificate(CertificateContent File, CertificateUse? Use = null);

/// <summary>What a partnership is to be: settings by the names of docs/settings.md, as texts, lists with commas.</summary>
internal sealed record WantedPartnership(Dictionary<string, string> Settings, CertificateContent? Certificate = null);

/// <summary>A partnership, without secrets.</summary>
internal sealed record PartnershipLine(
    string Organisation, string Local, string Partner, string? Endpoint, string Sends, string Receipt, bool RequiresSigned, bool RequiresEncrypted, IReadOnlyList<string> Routes, IReadOnlyList<string> Quirks)
{
    /// <summary>What we demand, in words.</summary>
    internal string Demands => (RequiresSigned, RequiresEncrypted) switch
    {
        (true, true) => "signed, encrypted",
        (true, false) => "signed",
        (false, true) => "encrypted",
        _ => "nothing",
    };

    /// <summary>Those that the caller may see, by name.</summary>
    public static IReadOnlyList<PartnershipLine> Of(Caller caller, PartnershipBook book, Organisations organisations)
        => [.. book.Partnerships.Where(p => organisations.Sees(caller, p.Local)).Select(p => Of(p, organisations.Of(p.Local)))
            .OrderBy(p => p.Local, StringComparer.Ordinal).ThenBy(p => p.Partner, StringComparer.Ordinal)];

    private static PartnershipLine Of(Partnership p, string organisation) => new(
        organisation, p.Local.Value, p.Partner.Value, Masked(p.Endpoint), Words(p.Sending),
        p.Receipt.AsynchronousUrl is null ? $"{p.Receipt.Requirement}, at once" : $"{p.Receipt.Requirement}, later",
        p.Receiving.RequireSigned, p.Receiving.RequireEncrypted, p.Routes, [.. p.Quirks.Select(q => q.ToString()).Order(StringComparer.Ordinal)]);

    private static string Words(SecurityAgreement sending)
    {
        var words = new List<string>();
        if (sending.Sign)
            words.Add($"signed {sending.Digest}");
        if (sending.Encrypt)
            words.Add($"encrypted {sending.Cipher}");
        if (sending.Compression != Compression.None)
            words.Add("compressed");
        return words.Count == 0 ? "in clear" : string.Join(", ", words);
    }

    // An address may carry a password, or a key in its query.
    private static string? Masked(Uri? endpoint) => endpoint is null
        ? null
        : endpoint.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped) + (endpoint.Query.Length > 0 ? "?…" : "");
}
