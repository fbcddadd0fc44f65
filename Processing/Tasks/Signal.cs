namespace Orleans.Pipeline.Tasks;

/// <summary>Wakes one waiter. Without a waiter, a set lets the next wait pass at once.</summary>
internal sealed class Signal
{
    private readonly Lock _lock = new();
    private TaskCompletionSource? _waiter;
    private bool _isSet;

    public void Set()
    {
        lock (_lock)
        {
            _isSet = _waiter is null;
            _waiter?.SetResult();
            _waiter = null;
        }
    }

    public Task WaitAsync()
    {
        lock (_lock)
        {
            if (_isSet)
            {
                _isSet = false;
                return Task.CompletedTask;
            }

            _waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _waiter.Task;
        }
    }
}
