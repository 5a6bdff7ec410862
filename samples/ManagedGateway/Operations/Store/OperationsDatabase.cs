using ManagedGateway.Stores;

namespace ManagedGateway.Operations.Store;

/// <summary>
/// Who may operate the gateway, what they did, and what they set: apart from the messages, so that no click waits for, or slows, the receive
/// path. On one machine it is <c>operations.db</c> of the data folder; nodes that share a PostgreSQL share it there. Small and rarely
/// written: one change at a time, on all nodes together. Thread-safe.
/// </summary>
internal abstract class OperationsDatabase : IDisposable
{
    /// <summary>Opens the one that goes with the store of the messages.</summary>
    /// <exception cref="As2.As2Exception">GW-OPERATIONS-001, -002: it cannot be used.</exception>
    public static OperationsDatabase Open(string data, StoreSettings? store, TimeProvider clock)
        => store is null ? new SqliteOperations(data, clock) : new PostgresOperations(store, data);

    /// <summary>Reads.</summary>
    public abstract T Read<T>(Func<OperationsSession, T> query);

    /// <summary>Changes in one transaction, and nobody else changes meanwhile; durable when this returns, or without a trace when it throws.</summary>
    public abstract T Change<T>(Func<OperationsSession, T> change);

    public abstract void Dispose();
}
