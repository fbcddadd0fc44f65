namespace Orleans.Pipeline.Testing.Memory;

/// <summary>
/// What a memory store keeps. It outlives the store, as a file outlives the program that wrote it. A transaction is an action under the one
/// lock: it checks everything that can fail before it changes anything, so that it happens whole or not at all. Readers wake after the
/// lock, on the thread of the transaction.
/// </summary>
internal sealed class MemoryDatabase
{
    private readonly Lock _gate = new();
    private readonly MemoryState _state = new();

    /// <summary>Runs a transaction, while no other one runs.</summary>
    public ValueTask<T> RunAsync<T>(Func<MemoryState, T> transaction, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<T>(cancellationToken);
        }

        try
        {
            return new(Run(transaction));
        }
        catch (Exception refused)
        {
            return ValueTask.FromException<T>(refused);
        }
    }

    /// <inheritdoc cref="RunAsync"/>
    public T Run<T>(Func<MemoryState, T> transaction)
    {
        T result;
        List<TaskCompletionSource> woken;
        lock (_gate)
        {
            result = transaction(_state);
            woken = _state.Readers.Take();
        }

        woken.ForEach(reader => reader.SetResult());
        return result;
    }
}
