namespace As2.Routes;

/// <summary>The destinations of a host by their names: those that were registered, and those that come and go. Thread-safe.</summary>
/// <param name="destinations">Those that stay.</param>
/// <param name="lookup">Finds the others; null: there are none.</param>
public sealed class PayloadRoutes(IEnumerable<IPayloadDestination> destinations, IPayloadDestinationLookup? lookup = null)
{
    private readonly Dictionary<string, IPayloadDestination> _destinations = destinations.ToDictionary(d => d.Name, StringComparer.Ordinal);

    /// <summary>The destination of this name, or null: there is none (now).</summary>
    internal IPayloadDestination? Find(string? route)
        => route is null ? null : _destinations.GetValueOrDefault(route) ?? lookup?.Find(route);
}
