namespace Orleans.Pipeline.Storage.Tests.Postgres;

/// <summary>Counts, and completes the tasks that wait for a number.</summary>
internal sealed class Milestones
{
    private readonly Lock _gate = new();
    private readonly List<(int Number, TaskCompletionSource Reached)> _waiting = [];
    private int _count;

    public void Count()
    {
        lock (_gate)
        {
            _count++;
            foreach (var (number, reached) in _waiting)
            {
                if (_count >= number)
                {
                    reached.TrySetResult();
                }
            }
        }
    }

    public Task ReachAsync(int number)
    {
        lock (_gate)
        {
            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((number, reached));
            if (_count >= number)
            {
                reached.SetResult();
            }

            return reached.Task;
        }
    }
}
