namespace As2.Storage;

/// <summary>
/// Says whether a store can take new work. Asked at the gate of the receive walk and by uploads, before anything is read; cheap.
/// Work that was accepted is finished whatever it says. Thread-safe.
/// </summary>
public interface IStoreHealth
{
    /// <summary>How the store is now.</summary>
    StoreHealth Check();
}

/// <summary>How a store is.</summary>
/// <param name="Reason">Why new work is refused, in plain words for the operator; null when it is taken.</param>
/// <param name="RetryAfter">With a reason: when to ask again, for <c>Retry-After</c>.</param>
public readonly record struct StoreHealth(string? Reason, TimeSpan RetryAfter)
{
    /// <summary>True when new work is taken.</summary>
    public bool TakesWork => Reason is null;
}
