namespace Orleans.Pipeline.FlowControl;

/// <summary>
/// Bounds the bytes in a buffer: a take waits until there is room. A take larger than the whole budget succeeds when nothing else is
/// held. Supports one taker and one releaser at a time.
/// </summary>
/// <param name="limit">The most bytes.</param>
/// <param name="isInline">Whether a take continues inside the release that made room for it, rather than on a thread of the pool.</param>
internal sealed class ByteBudget(long limit, bool isInline = false)
{
    private readonly Lock _lock = new();
    private TaskCompletionSource? _room;
    private long _wanted;
    private long _held;
    private bool _completed;

    public long Held
    {
        get
        {
            lock (_lock)
            {
                return _held;
            }
        }
    }

    /// <exception cref="OperationCanceledException">Cancelled while waiting; nothing was taken.</exception>
    public ValueTask TakeAsync(long bytes, CancellationToken cancellationToken)
    {
        TaskCompletionSource room;
        lock (_lock)
        {
            if (Fits(bytes))
            {
                _held += bytes;
                return ValueTask.CompletedTask;
            }

            _wanted = bytes;
            room = new TaskCompletionSource(isInline ? TaskCreationOptions.None : TaskCreationOptions.RunContinuationsAsynchronously);
            _room = room;
        }

        return WaitAsync(room, cancellationToken);
    }

    public void Release(long bytes)
    {
        lock (_lock)
        {
            _held -= bytes;
            AdmitNext();
        }
    }

    /// <summary>Removes the limit and releases every waiter.</summary>
    public void Complete()
    {
        lock (_lock)
        {
            _completed = true;
            AdmitNext();
        }
    }

    private async ValueTask WaitAsync(TaskCompletionSource room, CancellationToken cancellationToken)
    {
        await using var cancelled = cancellationToken.UnsafeRegister(_ => Cancel(room, cancellationToken), null);
        await room.Task;
    }

    private void AdmitNext()
    {
        if (_room is not null && Fits(_wanted))
        {
            var room = _room;
            _held += _wanted;
            _room = null;
            room.SetResult();
        }
    }

    private void Cancel(TaskCompletionSource room, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_room == room)
            {
                _room = null;
                room.SetCanceled(cancellationToken);
            }
        }
    }

    private bool Fits(long bytes) => _completed || _held == 0 || _held + bytes <= limit;
}
