namespace Orleans.Pipeline.Storage.Postgres.Connections;

/// <summary>Something asked of the store that waits for its turn together with others.</summary>
internal abstract class Request<TAnswer>
{
    private readonly TaskCompletionSource<TAnswer> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Whether nobody waits for it any more.</summary>
    public bool IsAbandoned => _answer.Task.IsCompleted;

    /// <summary>Waits for the answer; who stops waiting before it is taken up withdraws it.</summary>
    public async Task<TAnswer> AnswerAsync(CancellationToken cancellationToken)
    {
        await using var registration = cancellationToken.UnsafeRegister((_, token) => _answer.TrySetCanceled(token), null);
        return await _answer.Task;
    }

    public void Complete(TAnswer answer) => _answer.TrySetResult(answer);

    public void Fail(Exception error) => _answer.TrySetException(error);
}
