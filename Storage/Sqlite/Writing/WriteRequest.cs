namespace Orleans.Pipeline.Storage.Sqlite.Writing;

/// <param name="batchBytes">The bytes of its batches.</param>
/// <param name="rowBytes">The bytes of its rows.</param>
internal abstract class WriteRequest(long batchBytes, long rowBytes)
{
    /// <summary>The weight of a request without batches, so that the number of requests is limited too.</summary>
    private const int Overhead = 512;

    public long BatchBytes => batchBytes;

    public long Bytes { get; } = batchBytes + rowBytes + Overhead;

    /// <summary>
    /// Writes the request. A request that is at fault itself writes nothing and remembers the error. It may be executed again after a
    /// rollback.
    /// </summary>
    public abstract void Execute(WriteTransaction transaction);

    /// <summary>Answers after the commit.</summary>
    public abstract void Complete();

    /// <summary>Answers that nothing was written.</summary>
    public abstract void Fail(Exception error);
}

/// <param name="batchBytes">The bytes of its batches.</param>
/// <param name="rowBytes">The bytes of its rows.</param>
/// <param name="execute">
/// Writes the request. It may throw a <see cref="PipelineException"/> only while nothing is written, in the file or in memory.
/// </param>
internal sealed class WriteRequest<T>(long batchBytes, long rowBytes, Func<WriteTransaction, T> execute)
    : WriteRequest(batchBytes, rowBytes)
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
