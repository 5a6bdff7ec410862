using As2.Agreements;
using As2.Routes;
using As2.Storage;

namespace As2.CertificateExchange;

/// <summary>
/// The route of certificate exchanges, named <c>certificate-exchange</c>: such a message goes here and not to the routes of its
/// partnership. Content that cannot be used is told in the message's history and changes nothing.
/// </summary>
internal sealed class ExchangeDestination(ExchangeIntake intake, PartnerServices partners) : IPayloadDestination
{
    public const string RouteName = "certificate-exchange";

    public string Name => RouteName;

    public async ValueTask<DeliveryOutcome> DeliverAsync(Delivery delivery, CancellationToken cancellationToken)
    {
        var key = delivery.Message.Key;
        if (await partners.Directory.FindAsync(key.Local, key.Partner, cancellationToken).ConfigureAwait(false) is not { } partnership)
            return DeliveryOutcome.NotYet($"there is no partnership of {key.Local} with {key.Partner} any more");
        IntakeOutcome outcome;
        try
        {
            outcome = await TakeAsync(delivery, partnership, cancellationToken).ConfigureAwait(false);
        }
        catch (ProtocolFault fault)
        {
            outcome = new IntakeOutcome($"a certificate exchange that cannot be read: {fault.Message}", $"cannot be read: {fault.Message}");
        }
        return DeliveryOutcome.Delivered(outcome.Text) with
        {
            Alerts = outcome.Alert is null ? [] : [Alert.Line(Alert.CertificateExchange, outcome.Alert)],
        };
    }

    private async ValueTask<IntakeOutcome> TakeAsync(Delivery delivery, Partnership partnership, CancellationToken cancellationToken)
    {
        var payloads = delivery.Message.Payloads;
        var xml = payloads.First(p => ExchangeMedia.IsExchange(p.ContentType));
        switch (ExchangeReader.Read(await ReadAsync(delivery, xml, ExchangeReader.MaxBytes, cancellationToken).ConfigureAwait(false)))
        {
            case ExchangeRequest request:
                var parts = new List<CertificatePart>();
                foreach (var payload in payloads.Where(p => p != xml))
                    parts.Add(new(payload.ContentId, CertificatesOnly.Read(await ReadAsync(delivery, payload, CertificatesOnly.MaxBytes, cancellationToken).ConfigureAwait(false))));
                return await intake.TakeAsync(delivery.Message.Id, request, parts, partnership, cancellationToken).ConfigureAwait(false);
            case ExchangeResponse response:
                return await intake.TakeAsync(delivery.Message.Id, response, partnership, cancellationToken).ConfigureAwait(false);
            default:
                throw new InvalidOperationException("neither request nor response");
        }
    }

    /// <summary>The payload, or one octet more than allowed.</summary>
    private static async ValueTask<ReadOnlyMemory<byte>> ReadAsync(Delivery delivery, StoredPayload payload, int most, CancellationToken cancellationToken)
    {
        if (payload.Content.Length > most)
            return new byte[most + 1];
        await using var content = await delivery.OpenAsync(payload, cancellationToken).ConfigureAwait(false);
        var octets = new byte[payload.Content.Length];
        await content.ReadExactlyAsync(octets, cancellationToken).ConfigureAwait(false);
        return octets;
    }
}
