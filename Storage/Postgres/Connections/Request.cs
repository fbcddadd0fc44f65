namespace Orleans.Pipeline.Storage.Postgres.Connections;

/// <summary>A request that waits to be written in one transaction with others.</summary>
internal abstract class Request<TAnswer>
{
    private readonly TaskCompletionSource<TAnswer> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool IsAbandoned => _answer.Task.IsCompleted;

    /// <summary>Waits for the answer. Cancelling before the request is taken withdraws it.</summary>
    public async Task<TAnswer> AnswerAsync(CancellationToken cancellationToken)
    {
        await using var registration = cancellationToken.UnsafeRegister((_, token) => _answer.TrySetCanceled(token), null);
        return await _answer.Task;
    }

    public void Complete(TAnswer answer) => _answer.TrySetResult(answer);

    public void Fail(Exception error) => _answer.TrySetException(error);
}
