using As2;
using As2.Agreements;
using As2.Certificates;
using ManagedGateway.Configuration;

namespace ManagedGateway.Operations.Alerts;

/// <summary>Certificates that end without a successor: ours, the partners', and of the partners' TLS servers.</summary>
internal sealed class CertificateCheck(
    PartnershipBook book, PartnerServices partners, LiveSettings live, ServerCertificates servers, ChecksContext context) : IAlertCheck
{
    private static readonly (CertificateRole Role, string Whose, string Use)[] s_roles =
    [
        (CertificateRole.Sign, "our", "signs"), (CertificateRole.Decrypt, "our", "opens messages"), (CertificateRole.Verify, "the partner's", "verifies"),
        (CertificateRole.Encrypt, "the partner's", "is encrypted to"), (CertificateRole.TlsClient, "our", "is shown to the server"),
    ];

    public async Task<IReadOnlyList<AlertCondition>> CheckAsync(CancellationToken cancellationToken)
    {
        var (found, alerts) = (new List<AlertCondition>(), live.Current.Settings.Alerts);
        var ends = servers.Ends();
        foreach (var partnership in book.Partnerships)
        {
            foreach (var (role, whose, use) in s_roles)
            {
                var held = await partners.Certificates.FindAsync(partnership, role, cancellationToken);
                if (held.Count > 0 && context.Ending(CertificateSelection.CoveredUntil(role, held, context.Now), alerts) is { } days)
                    found.Add(Condition(partnership, whose, use, days));
            }
            if (partnership.Endpoint is { } address && ends.TryGetValue(ServerCertificates.Key(address), out var end) && context.Ending(end, alerts) is { } left)
            {
                found.Add(new AlertCondition($"certificate|server|{partnership.Local}|{partnership.Partner}", ChecksContext.Certificate,
                    $"TLS certificate of {address.Authority}", $"The TLS certificate of {address.Authority} {ChecksContext.Words(left)}. Ask {partnership.Partner} to renew it.")
                { Organisation = context.Organisations.Of(partnership.Local), Level = left });
            }
        }
        return found;
    }

    private AlertCondition Condition(Partnership partnership, string whose, string use, int days) => new(
        $"certificate|{whose}|{use}|{partnership.Local}|{partnership.Partner}", ChecksContext.Certificate, $"{partnership.Local} → {partnership.Partner}: {whose} certificate {ChecksContext.Words(days)}",
        $"Nothing follows {whose} certificate that {use} between {partnership.Local} and {partnership.Partner}; it {ChecksContext.Words(days)}. " + (whose == "our"
            ? "Roll over: add a key to the station with the date of the switch, and send the partner its certificate."
            : "Ask the partner for the next one, and add it with the date of the switch."))
    {
        Organisation = context.Organisations.Of(partnership.Local), Level = days,
    };
}
