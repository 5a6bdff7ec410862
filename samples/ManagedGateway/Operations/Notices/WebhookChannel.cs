using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using As2.Transmission;
using ManagedGateway.Configuration;
using ManagedGateway.Configuration.Changes;

namespace ManagedGateway.Operations.Notices;

/// <summary>
/// Notices by HTTP POST. <c>As2-Signature: t=SECONDS,v1=HEX</c> is HMAC-SHA-256 over <c>SECONDS.BODY</c> with the webhook's secret; <c>As2-Notice</c>
/// is the same when a notice comes again. Any 2xx is an acknowledgement. No redirects, no proxy, no address of a private network unless allowed.
/// </summary>
internal sealed class WebhookChannel(LiveSettings live, GatewaySettings settings, TimeProvider clock) : INoticeChannel, IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(15);

    private readonly HttpClient _public = Client(allowPrivate: false);
    private readonly HttpClient _any = Client(allowPrivate: true);

    public bool Serves(string channel) => channel.StartsWith(Outbox.WebhookChannel, StringComparison.Ordinal);

    public async Task<string?> TellAsync(Notice notice, CancellationToken cancellationToken)
    {
        // A webhook that was removed has nobody who waits for it.
        if (live.Current.Settings.Webhooks.Find(h => Outbox.WebhookChannel + h.Name == notice.Channel) is not { } hook)
            return null;
        if (!Uri.TryCreate(hook.Url, UriKind.Absolute, out var address))
            return $"'{hook.Url}' is no address";
        if (TypedAddress.Refusal(address, hook.AllowPrivateAddresses, settings.Console?.Port) is { } refusal)
            return refusal;
        var seconds = clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new StringContent(notice.Body, Encoding.UTF8, "application/json") };
        request.Headers.TryAddWithoutValidation("As2-Signature", $"t={seconds},v1={Sign(hook.Secret, seconds, notice.Body)}");
        request.Headers.TryAddWithoutValidation("As2-Notice", $"{notice.Number}");
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(s_patience);
            using var answer = await (hook.AllowPrivateAddresses ? _any : _public).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            return answer.IsSuccessStatusCode ? null : $"{address.Authority} answered {(int)answer.StatusCode}";
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return $"{address.Authority} did not answer: {e.Message}";
        }
    }

    /// <summary>The signature of a body, in lower-case hexadecimal.</summary>
    public static string Sign(string secret, string seconds, string body)
        => Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"{seconds}.{body}")));

    public void Dispose()
    {
        _public.Dispose();
        _any.Dispose();
    }

    private static HttpClient Client(bool allowPrivate)
    {
        var guard = new AddressGuard(allowPrivate, Dns.GetHostAddressesAsync);
        return new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false, UseCookies = false, UseProxy = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            ConnectCallback = (context, stop) => guard.ConnectAsync(context.DnsEndPoint, stop),
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }
}
