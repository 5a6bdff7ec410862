using System.Runtime.CompilerServices;
using As2.Storage;

namespace As2.Testing.Storage;

/// <summary>Counts the calls on everything that shares it; the n-th fails, before anything was done or after all of it.</summary>
public sealed class NthStoreCall(int failing, bool isDoneFirst)
{
    private int _calls;

    /// <summary>True once the failing call was made.</summary>
    public bool HasFailed => _calls >= failing;

    /// <summary>The call that failed.</summary>
    public string Name { get; private set; } = "none";

    /// <summary>Makes a call, or fails.</summary>
    public async ValueTask<T> RunAsync<T>(Func<ValueTask<T>> call, [CallerMemberName] string name = "")
    {
        if (Interlocked.Increment(ref _calls) != failing)
            return await call().ConfigureAwait(false);
        Name = name;
        if (isDoneFirst)
            await call().ConfigureAwait(false);
        throw Fault(name);
    }

    /// <summary>Makes a call, or fails.</summary>
    public T Run<T>(Func<T> call, [CallerMemberName] string name = "")
    {
        if (Interlocked.Increment(ref _calls) != failing)
            return call();
        Name = name;
        if (isDoneFirst)
            call();
        throw Fault(name);
    }

    private static As2Exception Fault(string name) => new("AS2-STORE-006", $"The test lets {name} fail.");
}

/// <summary>A store for messages whose n-th call fails.</summary>
public sealed class FailingMessages(IMessageStore inner, NthStoreCall nth) : IMessageStore
{
    /// <inheritdoc/>
    public ValueTask<AcceptOutcome> AcceptAsync(NewMessage message, CancellationToken cancellationToken)
        => nth.RunAsync(() => inner.AcceptAsync(message, cancellationToken));

    /// <inheritdoc/>
    public ValueTask<Job?> SubmitAsync(NewMessage message, CancellationToken cancellationToken)
        => nth.RunAsync(() => inner.SubmitAsync(message, cancellationToken));

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Job>> ClaimAsync(JobKind kind, int max, TimeSpan lease, CancellationToken cancellationToken)
        => nth.RunAsync(() => inner.ClaimAsync(kind, max, lease, cancellationToken));

    /// <inheritdoc/>
    public ValueTask<bool> RenewAsync(Job job, TimeSpan lease, CancellationToken cancellationToken)
        => nth.RunAsync(() => inner.RenewAsync(job, lease, cancellationToken));

    /// <inheritdoc/>
    public ValueTask<bool> ApplyAsync(Job job, Transition transition, CancellationToken cancellationToken)
        => nth.RunAsync(() => inner.ApplyAsync(job, transition, cancellationToken));

    /// <inheritdoc/>
    public ValueTask<bool> ReconcileAsync(string messageId, Transition transition, CancellationToken cancellationToken)
        => nth.RunAsync(() => inner.ReconcileAsync(messageId, transition, cancellationToken));
}

/// <summary>A journal whose n-th call fails.</summary>
public sealed class FailingJournal(IMessageJournal inner, NthStoreCall nth) : IMessageJournal
{
    /// <inheritdoc/>
    public ValueTask<StoredMessage?> FindAsync(MessageKey key, CancellationToken cancellationToken)
        => nth.RunAsync(() => inner.FindAsync(key, cancellationToken));

    /// <inheritdoc/>
    public ValueTask<StoredMessage?> GetAsync(string id, CancellationToken cancellationToken)
        => nth.RunAsync(() => inner.GetAsync(id, cancellationToken));

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<MessageSummary>> ListAsync(MessageQuery query, CancellationToken cancellationToken)
        => nth.RunAsync(() => inner.ListAsync(query, cancellationToken));

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<MessageEvent>> GetHistoryAsync(string id, CancellationToken cancellationToken)
        => nth.RunAsync(() => inner.GetHistoryAsync(id, cancellationToken));

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<MessageEvent>> ListEventsAsync(long afterSequence, int max, CancellationToken cancellationToken)
        => nth.RunAsync(() => inner.ListEventsAsync(afterSequence, max, cancellationToken));

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<MessageEvent>> ListAlertsAsync(long afterSequence, int max, CancellationToken cancellationToken)
        => nth.RunAsync(() => inner.ListAlertsAsync(afterSequence, max, cancellationToken));
}

/// <summary>A store for contents whose n-th call fails; pushing octets and committing count too.</summary>
public sealed class FailingBlobs(IBlobStore inner, NthStoreCall nth) : IBlobStore
{
    /// <inheritdoc/>
    public BlobWriter Create(long? expectedLength)
    {
        BlobWriter? made = null;
        try
        {
            return new Writer(nth.Run(() => made = inner.Create(expectedLength), nameof(Create)), nth);
        }
        catch (As2Exception)
        {
            made?.DisposeAsync().AsTask().GetAwaiter().GetResult();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<Stream> OpenReadAsync(StoredContent content, CancellationToken cancellationToken)
    {
        Stream? opened = null;
        try
        {
            return await nth.RunAsync(async () => opened = await inner.OpenReadAsync(content, cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
        }
        catch (As2Exception) when (opened is not null)
        {
            await opened.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DeleteAsync(string blobName, CancellationToken cancellationToken) => await nth.RunAsync(async () =>
    {
        await inner.DeleteAsync(blobName, cancellationToken).ConfigureAwait(false);
        return true;
    }).ConfigureAwait(false);

    /// <inheritdoc/>
    public IAsyncEnumerable<string> ListAsync(TimeSpan age, CancellationToken cancellationToken) => inner.ListAsync(age, cancellationToken);

    private sealed class Writer(BlobWriter inner, NthStoreCall nth) : BlobWriter
    {
        public override long Length => inner.Length;

        public override void Push(ReadOnlySpan<byte> octets)
        {
            nth.Run(() => true);
            inner.Push(octets);
        }

        public override ValueTask<StoredContent> CommitAsync(CancellationToken cancellationToken)
            => nth.RunAsync(() => inner.CommitAsync(cancellationToken));

        public override ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
