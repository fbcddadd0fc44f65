using System.Collections.Concurrent;
using Orleans.Pipeline.Grains.Assignments;
using Orleans.Pipeline.Retrying;

namespace Orleans.Pipeline.Grains.Tasks;

/// <summary>
/// Keeps the tasks of this silo's partitions active on this silo. It acts when the assignment changes and when a task's grain leaves; a
/// task that is active costs nothing.
/// </summary>
/// <remarks>
/// A call to a task's grain activates the task here, because <see cref="PartitionDirectory"/> names this silo for it. The call is repeated
/// until the task is here: at the start of a silo the others may not know yet that they have to forward it.
/// </remarks>
internal sealed class TaskKeeper
{
    private readonly ConcurrentDictionary<TaskId, Task> _waking = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly ClusterAssignment _assignment;
    private readonly ClusterTopics _topics;
    private readonly StagePrograms _programs;
    private readonly LocalPartitions _local;
    private readonly IGrainFactory _grains;
    private readonly RetryPolicy _patience;

    public TaskKeeper(
        ClusterAssignment assignment,
        ClusterTopics topics,
        StagePrograms programs,
        LocalPartitions local,
        IGrainFactory grains,
        TimeProvider timeProvider)
    {
        (_assignment, _topics, _programs, _local, _grains) = (assignment, topics, programs, local, grains);
        _patience = new RetryPolicy
        {
            InitialDelay = TimeSpan.FromMilliseconds(50),
            MaximumDelay = TimeSpan.FromSeconds(2),
            TimeProvider = timeProvider,
            IsTransient = static (_, stopping) => !stopping.IsCancellationRequested,
        };
    }

    public void Start()
    {
        _assignment.Changed += WakeMissing;
        _local.Left += WakeIfMissing;
        WakeMissing();
    }

    /// <summary>Wakes nothing any more. The tasks that are active stay so.</summary>
    public async Task StopAsync()
    {
        _assignment.Changed -= WakeMissing;
        _local.Left -= WakeIfMissing;
        await _stopping.CancelAsync();
        await Task.WhenAll(_waking.Values).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void WakeMissing()
    {
        var active = _local.Tasks.Select(task => task.Id).ToHashSet();
        var mine = _topics.Partitions.Where(_assignment.IsMine).SelectMany(_programs.TasksOn);
        foreach (var task in mine.Where(task => !active.Contains(task)))
        {
            Wake(task);
        }
    }

    private void Wake(TaskId task)
    {
        var woken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (_waking.TryAdd(task, woken.Task))
        {
            _ = Task.Run(() => WakeAsync(task, woken));
        }
    }

    private async Task WakeAsync(TaskId task, TaskCompletionSource woken)
    {
        try
        {
            for (var failures = 1; !await _patience.ExecuteAsync(TryWakeAsync, task, _stopping.Token); failures++)
            {
                await _patience.PauseAsync(failures, _stopping.Token);
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            return;
        }
        finally
        {
            _waking.TryRemove(task, out _);
            woken.SetResult();
        }

        // The grain may have left again after the last look, when this task still counted as being woken.
        WakeIfMissing(task);
    }

    /// <summary>Returns whether the task is active on this silo afterwards.</summary>
    private async ValueTask<bool> TryWakeAsync(TaskId task, CancellationToken cancellationToken)
    {
        await _grains.GetGrain<IPartitionGrain>(task.ToString()).WakeAsync().WaitAsync(cancellationToken);
        return !IsMissing(task);
    }

    private void WakeIfMissing(TaskId task)
    {
        if (IsMissing(task))
        {
            Wake(task);
        }
    }

    private bool IsMissing(TaskId task) => _assignment.IsMine(_programs.Find(task).Source) && !_local.Contains(task);
}
