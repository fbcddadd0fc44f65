namespace Orleans.Pipeline.FlowControl;

/// <summary>
/// Bounds the bytes that are in a buffer: takes wait until there is room. One take larger than the whole budget gets through
/// when nothing else is held. For one taker and one releaser at a time.
/// </summary>
internal sealed class ByteBudget(long limit)
{
    private readonly Lock _lock = new();
    private TaskCompletionSource? _room;
    private long _wanted;
    private long _held;

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

    public async ValueTask TakeAsync(long bytes, CancellationToken cancellationToken)
    {
        TaskCompletionSource room;
        lock (_lock)
        {
            if (Fits(bytes))
            {
                _held += bytes;
                return;
            }

            _wanted = bytes;
            _room = room = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        try
        {
            await room.Task.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            GiveUp(room, bytes);
            throw;
        }
    }

    public void Release(long bytes)
    {
        lock (_lock)
        {
            _held -= bytes;
            if (_room is not null && Fits(_wanted))
            {
                _held += _wanted;
                _room.SetResult();
                _room = null;
            }
        }
    }

    private void GiveUp(TaskCompletionSource room, long bytes)
    {
        lock (_lock)
        {
            if (_room == room)
            {
                _room = null;
                return;
            }
        }

        Release(bytes);
    }

    private bool Fits(long bytes) => _held == 0 || _held + bytes <= limit;
}
