namespace Orleans.Pipeline.Storage.Tests.Memory;

/// <summary>
/// What a memory store keeps. It outlives the store, as a file outlives the program that wrote it. A transaction is an action under the one
/// lock: it checks everything that can fail before it changes anything, so that it happens whole or not at all.
/// </summary>
public sealed class MemoryDatabase
{
    private readonly Lock _gate = new();
    private readonly MemoryState _state = new();

    /// <summary>Runs a transaction, while no other one runs.</summary>
    internal ValueTask<T> RunAsync<T>(Func<MemoryState, T> transaction, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<T>(cancellationToken);
        }

        try
        {
            lock (_gate)
            {
                return new(transaction(_state));
            }
        }
        catch (Exception refused)
        {
            return ValueTask.FromException<T>(refused);
        }
    }
}
