using As2.Payloads;

namespace As2.Routes;

/// <summary>Hands payloads to the application's <see cref="IPayloadHandler"/>. Named <c>application</c>.</summary>
public sealed class HandlerDestination(IPayloadHandler handler) : IPayloadDestination
{
    /// <summary>The name of this route, and the default where a partnership names none.</summary>
    public const string RouteName = "application";

    /// <inheritdoc/>
    public string Name => RouteName;

    /// <inheritdoc/>
    public async ValueTask<DeliveryOutcome> DeliverAsync(Delivery delivery, CancellationToken cancellationToken)
    {
        await handler.HandleAsync(new ReceivedMessage(delivery.Message, delivery.OpenAsync), cancellationToken).ConfigureAwait(false);
        return DeliveryOutcome.Delivered("to the application");
    }
}
