namespace Orleans.Pipeline.Storage.Sqlite.Writing;

/// <summary>Something to write, as it waits for the writer thread.</summary>
internal abstract class WriteRequest(long bytes)
{
    /// <summary>What a request weighs beside its batches, so that their number is bounded too.</summary>
    private const int Overhead = 512;

    /// <summary>What it weighs in the queue.</summary>
    public long Bytes { get; } = bytes + Overhead;

    /// <summary>
    /// Writes it; a request that cannot be met for a fault of its own has written nothing and remembers the error. It may be written
    /// again after a rollback.
    /// </summary>
    public abstract void Execute(WriteTransaction transaction);

    /// <summary>Answers, after the transaction has committed.</summary>
    public abstract void Complete();

    /// <summary>Answers that nothing was written.</summary>
    public abstract void Fail(Exception error);
}

/// <summary>Something to write that gives an answer.</summary>
/// <param name="bytes">The bytes of its batches and rows.</param>
/// <param name="execute">
/// Writes it. It may throw a <see cref="PipelineException"/> only while nothing is written, in the file or in memory.
/// </param>
internal sealed class WriteRequest<T>(long bytes, Func<WriteTransaction, T> execute) : WriteRequest(bytes)
{
    private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _answer;
    private PipelineException? _refusal;

    public Task<T> Answer => _completion.Task;

    public override void Execute(WriteTransaction transaction)
    {
        _refusal = null;
        try
        {
            _answer = execute(transaction);
        }
        catch (PipelineException refusal)
        {
            _refusal = refusal;
        }
    }

    public override void Complete()
    {
        if (_refusal is not null)
        {
            _completion.TrySetException(_refusal);
        }
        else
        {
            _completion.TrySetResult(_answer!);
        }
    }

    public override void Fail(Exception error) => _completion.TrySetException(error);
}
