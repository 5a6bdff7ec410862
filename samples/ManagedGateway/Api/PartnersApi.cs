using As2.Agreements;
using As2.Routes;
using ManagedGateway.Operations;
using ManagedGateway.Operations.Access;
using ManagedGateway.Operations.Figures;

namespace ManagedGateway.Api;

/// <summary>Partnerships, certificates and FTP accounts, as the settings have them.</summary>
internal static class PartnersApi
{
    public static void MapPartners(this RouteGroupBuilder api)
    {
        api.MapGet("/partnerships", (Caller caller, PartnershipBook book, Organisations organisations) => PartnershipLine.Of(caller, book, organisations))
            .For(Role.Viewer).WithTags("Partners").WithName("ListPartnerships").WithSummary("Whom we trade with, and how.");
        api.MapGet("/certificates", (Caller caller, Certificates certificates, CancellationToken ended) => certificates.ListAsync(caller, ended))
            .For(Role.Viewer).WithTags("Partners").WithName("ListCertificates").WithSummary("Certificates in use, the first to end first.");
        api.MapGet("/accounts", (Caller caller, AccountList accounts, CancellationToken ended) => accounts.ReadAsync(caller, ended))
            .For(Role.Viewer).WithTags("Partners").WithName("ListAccounts").WithSummary("FTP accounts with what lies in them.");
    }
}

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

/// <summary>An FTP account, without its password.</summary>
internal sealed record AccountLine(string Organisation, string Name, string Local, string Partner, bool HasPassword, int Certificates, long Files, long Bytes, long MaxFiles, long? MaxBytes);

/// <summary>The FTP accounts with what lies in them. Thread-safe.</summary>
internal sealed class AccountList(GatewaySettings settings, IMailboxStore mailboxes, Organisations organisations)
{
    /// <summary>Those that the caller may see.</summary>
    public async Task<IReadOnlyList<AccountLine>> ReadAsync(Caller caller, CancellationToken cancellationToken)
    {
        var lines = new List<AccountLine>();
        foreach (var account in settings.Accounts.Where(a => organisations.Sees(caller, new As2Identifier(a.Local))))
        {
            var (files, bytes) = await mailboxes.MeasureAsync(account.Name, cancellationToken);
            lines.Add(new AccountLine(
                organisations.Of(account.Local), account.Name, account.Local, account.Partner, account.PasswordHash.Length > 0, account.Certificates.Count, files, bytes,
                account.MaxFiles, account.MaxBytes == long.MaxValue ? null : account.MaxBytes));
        }
        return lines;
    }
}
