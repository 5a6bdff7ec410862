using As2.Agreements;

namespace As2;

/// <summary>
/// What the host has to say about one request once its agreement is known. One for each request, used by one thread at a time.
/// </summary>
internal interface IRequestGate
{
    /// <summary>Step 3 of the receive walk: whether it may come in; nothing of the body has been read.</summary>
    ValueTask<GateAnswer> AdmitAsync(Partnership partnership, CancellationToken cancellationToken);

    /// <summary>
    /// Waits for a turn to work on a block of the body. What is returned is disposed of after the work; null: there was no need to wait.
    /// Strangers' cryptography must not take the processors from partners, and who the sender is shows only at the end.
    /// </summary>
    ValueTask<IDisposable?> TakeTurnAsync(CancellationToken cancellationToken);

    /// <summary>The sender proved with a signature who it is (true), or its message could not be opened or verified (false).</summary>
    ValueTask LearnAsync(bool isProven, CancellationToken cancellationToken);
}

/// <summary>The answer of a gate.</summary>
/// <param name="Reason">Plain words for our log; null: the request may come in.</param>
/// <param name="Status">The status of a refusal. 0: the caller hears what somebody without an agreement hears, and no more.</param>
/// <param name="RetryAfter">When to come again, with a status.</param>
internal readonly record struct GateAnswer(string? Reason, int Status = 0, TimeSpan? RetryAfter = null);
