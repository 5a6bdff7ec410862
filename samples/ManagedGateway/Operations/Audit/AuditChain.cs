namespace ManagedGateway.Operations.Audit;

/// <summary>Looks through the audit log from time to time: all of it at start, then what was added. Thread-safe.</summary>
internal sealed class AuditChain(AuditLog log)
{
    private readonly Lock _gate = new();
    private (long Sequence, byte[]? Hash) _good;

    /// <summary>The first line that does not fit the one before; null when all fit.</summary>
    public long? Broken
    {
        get
        {
            lock (_gate)
            {
                var (reached, broken) = log.Verify(_good);
                _good = reached;
                return broken;
            }
        }
    }
}
