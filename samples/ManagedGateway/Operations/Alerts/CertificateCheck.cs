using As2;
using As2.Agreements;
using As2.Certificates;
using ManagedGateway.Configuration;

namespace ManagedGateway.Operations.Alerts;

/// <summary>Certificates that end without a successor: ours, the partners', of our listeners, and of the partners' TLS servers.</summary>
internal sealed class CertificateCheck(
    PartnershipBook book, PartnerServices partners, GatewaySettings settings, LiveSettings live, ServerCertificates servers, ChecksContext context) : IAlertCheck
{
    private static readonly (CertificateRole Role, string Whose, string Use)[] s_roles =
    [
        (CertificateRole.Sign, "our", "signs"), (CertificateRole.Decrypt, "our", "opens messages"), (CertificateRole.Verify, "the partner's", "verifies"),
        (CertificateRole.Encrypt, "the partner's", "is encrypted to"), (CertificateRole.TlsClient, "our", "is shown to the server"),
    ];

    public async Task<IReadOnlyList<AlertCondition>> CheckAsync(CancellationToken cancellationToken)
    {
        var found = new List<AlertCondition>();
        foreach (var partnership in book.Partnerships)
        {
            foreach (var (role, whose, use) in s_roles)
            {
                var held = await partners.Certificates.FindAsync(partnership, role, cancellationToken);
                if (held.Count > 0 && Ending(CertificateSelection.CoveredUntil(role, held, context.Now)) is { } days)
                    found.Add(Condition(partnership, whose, use, days));
            }
            if (servers.EndOf(partnership) is { } end && Ending(end) is { } left)
            {
                found.Add(new AlertCondition($"certificate|server|{partnership.Local}|{partnership.Partner}", ChecksContext.Certificate,
                    $"TLS certificate of {partnership.Endpoint!.Authority}", $"The TLS certificate of {partnership.Endpoint.Authority} {Words(left)}. Ask {partnership.Partner} to renew it.")
                { Organisation = context.Organisations.Of(partnership.Local), Level = left });
            }
        }
        foreach (var (name, file) in new[] { ("FTPS listener", settings.Listen.FtpsCertificate), ("console", settings.Console?.Certificate) })
        {
            if (file is not null && Ending(EndOf(file)) is { } left)
                found.Add(new AlertCondition($"certificate|listener|{name}", ChecksContext.Certificate, $"certificate of the {name}", $"The certificate of the {name} ({file}) {Words(left)}. Renew it, and start the gateway again.") { Level = left });
        }
        return found;
    }

    private AlertCondition Condition(Partnership partnership, string whose, string use, int days) => new(
        $"certificate|{whose}|{use}|{partnership.Local}|{partnership.Partner}", ChecksContext.Certificate, $"{partnership.Local} → {partnership.Partner}: {whose} certificate {Words(days)}",
        $"Nothing follows {whose} certificate that {use} between {partnership.Local} and {partnership.Partner}; it {Words(days)}. " + (whose == "our"
            ? "Roll over: add a key to the station with the date of the switch, and send the partner its certificate."
            : "Ask the partner for the next one, and add it with the date of the switch."))
    {
        Organisation = context.Organisations.Of(partnership.Local), Level = days,
    };

    /// <summary>The step that is reached: the fewest of the agreed days that are not less than what is left; -1 when it is over; null: none yet.</summary>
    private int? Ending(DateTimeOffset? end)
    {
        if (end is not { } until || until <= context.Now)
            return -1;
        var steps = live.Current.Settings.Alerts.CertificateDays.Where(d => until - context.Now <= TimeSpan.FromDays(d)).ToList();
        return steps.Count == 0 ? null : steps.Min();
    }

    private static string Words(int days) => days switch { < 0 => "has ended", 1 => "ends within a day", _ => $"ends within {days} days" };

    private DateTimeOffset? EndOf(string file)
    {
        using var certificate = context.Files.LoadCertificate(file);
        return certificate.NotAfter;
    }
}
