using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using As2;
using As2.Agreements;
using As2.Certificates;
using As2.Headers;
using As2.Payloads;
using As2.Storage;
using As2.Transmission;
using ManagedGateway.Configuration.Changes;
using ManagedGateway.Operations.Access;
using ManagedGateway.Operations.Audit;

namespace ManagedGateway.Operations.Tests;

/// <summary>
/// Goes the way of a message to a partner step by step: address, name, connection, TLS, HTTP, and, where it is wanted, a small message with
/// its receipt. That message is kept apart from the store: it is neither listed nor billed. The rules for addresses are those of messages. Thread-safe.
/// </summary>
internal sealed class ConnectionTest(PartnershipBook book, PartnerServices partners, GatewaySettings settings, Organisations organisations, AuditLog audit, TimeProvider clock)
{
    /// <summary>The text of the message that is sent.</summary>
    public const string PingText = "This is a connection test of your AS2 partner. It is no business document; please acknowledge it and throw it away.\r\n";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    /// <summary>Tests; each step is reported when it begins and when it ends.</summary>
    /// <param name="caller">Who.</param>
    /// <param name="local">Our AS2 name.</param>
    /// <param name="partner">The partner's.</param>
    /// <param name="ping">Send a message too: the partner gets a small text file.</param>
    /// <param name="cancellationToken">Ends the test.</param>
    /// <exception cref="As2Exception">GW-CHANGE-003: no such partnership.</exception>
    public IAsyncEnumerable<TestStep> RunAsync(Caller caller, string local, string partner, bool ping, CancellationToken cancellationToken)
    {
        caller.Require(Role.Operator);
        var partnership = organisations.Sees(caller, local) ? book.Partnerships.FirstOrDefault(p => p.Local.Value == local && p.Partner.Value == partner) : null;
        if (partnership is null)
            throw new As2Exception("GW-CHANGE-003", $"There is no partnership of '{local}' with '{partner}'.");
        audit.Add(caller.Name, "connection.test", $"{local} → {partner}", ping ? "with a message" : "");
        return StepsAsync(partnership, ping, cancellationToken);
    }

    private async IAsyncEnumerable<TestStep> StepsAsync(Partnership partnership, bool ping, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var connection = await HttpConnection.OfAsync(partnership, partners.Certificates, clock.GetUtcNow(), cancellationToken);
        foreach (var (name, step) in Walk(partnership, connection, ping))
        {
            yield return new TestStep(name, StepState.Running, "");
            var watch = Stopwatch.StartNew();
            var seen = await SeeAsync(name, step, cancellationToken) with { Milliseconds = watch.ElapsedMilliseconds };
            yield return seen;
            if (seen.State == StepState.Failed)
                yield break;
        }
    }

    private IEnumerable<(string Name, Func<CancellationToken, Task<TestStep>> Step)> Walk(Partnership partnership, HttpConnection connection, bool ping)
    {
        var address = partnership.Endpoint;
        yield return ("Address", _ => Task.FromResult(Address(partnership)));
        if (address is null)
            yield break;
        if (connection.Agreement.Proxy is { } proxy)
            yield return ("Connection", _ => Task.FromResult(new TestStep("Connection", StepState.LeftOut, $"The proxy {proxy.Host} connects; the next step shows how.")));
        else
        {
            yield return ("Name", stop => NameAsync(address, stop));
            yield return ("Connection", stop => ConnectAsync(address, connection, stop));
            if (address.Scheme == Uri.UriSchemeHttps)
                yield return ("Tls", stop => TlsAsync(address, connection, stop));
        }
        yield return ("Http", stop => HttpAsync(partnership, connection, stop));
        if (ping)
            yield return ("As2", stop => PingAsync(partnership, stop));
    }

    private static async Task<TestStep> SeeAsync(string name, Func<CancellationToken, Task<TestStep>> step, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(s_patience);
        try
        {
            return await step(limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new TestStep(name, StepState.Failed, $"Nothing happened within {s_patience.TotalSeconds:0} seconds: a firewall on the way, or the partner's server is down.");
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return new TestStep(name, StepState.Failed, e.Message + ".");
        }
        catch (As2Exception e)
        {
            return new TestStep(name, StepState.Failed, e.Message);
        }
    }

    private TestStep Address(Partnership partnership)
    {
        if (partnership.Endpoint is not { } address)
            return new TestStep("Address", StepState.Failed, "There is no Endpoint: this partnership only receives. Set the partner's address.");
        // What gateway.json says was meant; what somebody typed was looked at when it was saved, and is again.
        return TypedAddress.Refusal(address, allowPrivate: true, settings.Console?.Port) is { } refusal
            ? new TestStep("Address", StepState.Failed, refusal)
            : new TestStep("Address", address.Scheme == Uri.UriSchemeHttps ? StepState.Passed : StepState.Doubtful, address.Scheme == Uri.UriSchemeHttps
                ? $"{address.GetLeftPart(UriPartial.Path)}"
                : $"{address.GetLeftPart(UriPartial.Path)} is without TLS: messages are protected by their own layers only.");
    }

    private static async Task<TestStep> NameAsync(Uri address, CancellationToken cancellationToken)
    {
        if (IPAddress.TryParse(address.IdnHost, out _))
            return new TestStep("Name", StepState.LeftOut, "The address is written as a number.");
        var found = await Dns.GetHostAddressesAsync(address.IdnHost, cancellationToken);
        return new TestStep("Name", StepState.Passed, $"{address.IdnHost} is {string.Join(", ", found.Take(8).Select(a => a.ToString()))}.");
    }

    private static async Task<TestStep> ConnectAsync(Uri address, HttpConnection connection, CancellationToken cancellationToken)
    {
        await using var wire = await OpenAsync(address, connection, cancellationToken);
        return new TestStep("Connection", StepState.Passed, $"Port {address.Port} is open.");
    }

    private async Task<TestStep> TlsAsync(Uri address, HttpConnection connection, CancellationToken cancellationToken)
    {
        await using var wire = await OpenAsync(address, connection, cancellationToken);
        var seen = await TlsLook.AtAsync(address, connection, wire, cancellationToken);
        var chain = string.Join(" ← ", seen.Certificates.Select(c => $"{c.Subject} until {c.NotAfter:yyyy-MM-dd}"));
        if (seen.Refusal is { } refusal)
            return new TestStep("Tls", StepState.Failed, $"The server is not trusted: {refusal}. It showed: {(chain.Length == 0 ? "no certificate" : chain)}.");
        var days = seen.Ends is { } ends ? (ends - clock.GetUtcNow()).TotalDays : double.MaxValue;
        return new TestStep("Tls", days < 30 ? StepState.Doubtful : StepState.Passed, $"{seen.Protocol}; {chain}{(days < 30 ? $"; it ends in {days:0} days, the partner should renew it" : "")}.");
    }

    private static async Task<TestStep> HttpAsync(Partnership partnership, HttpConnection connection, CancellationToken cancellationToken)
    {
        using var transport = new HttpTransport();
        var outcome = await transport.HeadAsync(new HttpPost
        {
            Address = partnership.Endpoint!, Headers = [], Length = 0, OpenBody = _ => ValueTask.FromResult(Stream.Null), Connection = connection, Timeout = s_patience,
        }, cancellationToken);
        return outcome.StatusCode switch
        {
            null => new TestStep("Http", StepState.Failed, $"There is no answer: {outcome.Failure}."),
            401 or 407 => new TestStep("Http", StepState.Failed, $"The server answers {outcome.StatusCode}: it wants a user and password (HttpUser, HttpPassword), or others."),
            403 => new TestStep("Http", StepState.Doubtful, "The server answers 403: it may only refuse this request without a message, or our address is not on its list."),
            404 => new TestStep("Http", StepState.Doubtful, "The server answers 404: it may know messages only, or the path of the address is wrong."),
            >= 500 => new TestStep("Http", StepState.Doubtful, $"The server answers {outcome.StatusCode}: it is in trouble, or does not expect this request."),
            _ => new TestStep("Http", StepState.Passed, $"The server answers {outcome.StatusCode} to a request without a message."),
        };
    }

    private async Task<TestStep> PingAsync(Partnership partnership, CancellationToken cancellationToken)
    {
        var now = partnership with { Receipt = partnership.Receipt with { AsynchronousUrl = null }, AnswerTimeout = s_patience, ContentType = "text/plain", RestartFrom = null };
        using var sender = As2Sender.Create(new PartnershipBook().Add(now, book.CertificatesOf(partnership)!));
        var result = await sender.SendAsync(Payload.FromBytes(System.Text.Encoding.ASCII.GetBytes(PingText), "connection-test.txt"), now, cancellationToken);
        if (!result.IsAcknowledged)
            return new TestStep("As2", StepState.Failed, $"The message is {result.State}: {result.Reason}.");
        return partnership.Receipt.Requirement == ReceiptRequirement.None
            ? new TestStep("As2", StepState.Doubtful, "The partner took the message; no receipt is agreed, so nothing proves it.")
            : new TestStep("As2", StepState.Passed, $"The partner acknowledged message {result.MessageId}: {result.Disposition}; receipt verified.");
    }

    private static ValueTask<Stream> OpenAsync(Uri address, HttpConnection connection, CancellationToken cancellationToken)
        => new AddressGuard(connection.Agreement.AllowPrivateAddresses, Dns.GetHostAddressesAsync).ConnectAsync(new DnsEndPoint(address.IdnHost, address.Port), cancellationToken);
}
