using As2.Agreements;
using ManagedGateway.Operations.Alerts;
using ManagedGateway.Operations.Notices;
using MimeKit;

namespace ManagedGateway.Configuration.Changes;

/// <summary>What webhooks and the mail server must be.</summary>
internal static class NoticeRules
{
    /// <summary>Of a webhook.</summary>
    public static IEnumerable<PartnershipFault> Check(WebhookSettings hook, bool allowsPrivate, int? consolePort)
    {
        if (hook.AllowPrivateAddresses && !allowsPrivate)
            yield return new("GW-CONFIG-006", "AllowPrivateAddresses", "Only somebody of the whole gateway may lead notices into private networks.");
        if (!Uri.TryCreate(hook.Url, UriKind.Absolute, out var address) || address.UserInfo.Length > 0 || !(address.Scheme is "https" || (address.Scheme is "http" && hook.AllowPrivateAddresses)))
            yield return new("GW-CONFIG-007", "Url", "A webhook is an absolute https address without a user name; http only where AllowPrivateAddresses says that it stays in the house.");
        else if (TypedAddress.Refusal(address, hook.AllowPrivateAddresses, consolePort) is { } refusal)
            yield return new("GW-CONFIG-006", "Url", refusal);
        if (hook.Secret.Length < 16)
            yield return new("GW-CONFIG-007", "Secret", "The secret of the signatures has at least 16 characters.");
    }

    /// <summary>Of the section Alerts.</summary>
    public static IEnumerable<PartnershipFault> Check(AlertSettings alerts)
    {
        if (alerts.CertificateDays.Any(d => d is < 1 or > 3650) || alerts.BacklogMessages < 1 || alerts.BacklogAge <= TimeSpan.Zero || alerts.DeliveryAge <= TimeSpan.Zero || alerts.DiskFree < 0 || alerts.RefusedPerHour < 1)
            yield return new("GW-CONFIG-007", "Alerts", "Days are from 1 to 3650, numbers and times are more than nothing.");
        if (alerts.Mail is not { } mail)
            yield break;
        if (mail.Host.Length == 0 || mail.Host.Any(c => char.IsControl(c) || char.IsWhiteSpace(c)) || mail.Port is < 1 or > 65535)
            yield return new("GW-CONFIG-007", "Mail.Host", "Name the mail server's host and a port from 1 to 65535.");
        foreach (var (setting, text) in mail.To.Select(t => ("Mail.To", t)).Prepend(("Mail.From", mail.From)))
        {
            if (text.Any(char.IsControl) || !MailboxAddress.TryParse(text, out _))
                yield return new("GW-CONFIG-007", setting, $"'{text}' is no mail address.");
        }
        if (mail.User is { Length: > 0 } && mail.Security == MailSecurity.InsecurePlain)
            yield return new("GW-CONFIG-007", "Mail.Security", "The password would go to the mail server in clear: take StartTls or Tls.");
    }
}
