using System.Net.Sockets;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using ManagedGateway.Configuration;
using MimeKit;

namespace ManagedGateway.Operations.Notices;

/// <summary>Alerts by mail, each notice a mail of its own with a Message-ID of its number, so that one sent twice is recognised.</summary>
internal sealed class MailChannel(LiveSettings live) : INoticeChannel
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    public bool Serves(string channel) => channel == Outbox.MailChannel;

    public async Task<string?> TellAsync(Notice notice, CancellationToken cancellationToken)
    {
        if (live.Current.Settings.Alerts.Mail is not { To.Count: > 0 } settings)
            return null;
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(s_patience);
            using var client = new SmtpClient();
            await client.ConnectAsync(settings.Host, settings.Port, OptionsOf(settings.Security), limit.Token);
            if (settings.User is { Length: > 0 } user)
                await client.AuthenticateAsync(user, settings.Password ?? "", limit.Token);
            await client.SendAsync(Compose(notice, settings), limit.Token);
            await client.DisconnectAsync(quit: true, limit.Token);
            return null;
        }
        catch (Exception e) when (e is SocketException or IOException or AuthenticationException or CommandException or ProtocolException or SslHandshakeException or ParseException or NotSupportedException
            || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return $"{settings.Host}:{settings.Port} did not take it: {e.Message.ReplaceLineEndings(" ")}";
        }
    }

    private static MimeMessage Compose(Notice notice, MailSettings settings)
    {
        var mail = new MimeMessage { Subject = Plain($"[AS2 gateway] {notice.Subject}"), Date = notice.Made };
        mail.From.Add(MailboxAddress.Parse(settings.From));
        foreach (var to in settings.To)
            mail.To.Add(MailboxAddress.Parse(to));
        mail.MessageId = $"notice-{notice.Number}-{notice.Made.ToUnixTimeMilliseconds()}@as2-gateway.invalid";
        mail.Headers.Add("Auto-Submitted", "auto-generated");
        mail.Body = new TextPart("plain") { Text = notice.Body + "\r\n" };
        return mail;
    }

    // A partner's text may be in it: no line of it becomes a header field.
    private static string Plain(string text) => string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));

    private static SecureSocketOptions OptionsOf(MailSecurity security) => security switch
    {
        MailSecurity.Tls => SecureSocketOptions.SslOnConnect,
        MailSecurity.InsecurePlain => SecureSocketOptions.None,
        _ => SecureSocketOptions.StartTls,
    };
}
