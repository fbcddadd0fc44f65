using Orleans.Pipeline.FlowControl;

namespace Orleans.Pipeline.Processing;

/// <summary>
/// Decides how long a commit gathers batches: until the commit interval since the last one is over, or enough bytes are
/// gathered. A task that was idle commits at once.
/// </summary>
internal sealed class CommitPacer
{
    private readonly TaskCompletionSource _hurry = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly PipelineProfile _profile;
    private readonly TimeProvider _timeProvider;
    private long _lastCommit;

    public CommitPacer(PipelineProfile profile, TimeProvider timeProvider)
    {
        _profile = profile;
        _timeProvider = timeProvider;
        _lastCommit = timeProvider.GetTimestamp();
    }

    private TimeSpan Left => _profile.CommitInterval - _timeProvider.GetElapsedTime(_lastCommit);

    public bool MayWait(long bytes) => bytes < _profile.CommitBytes;

    public void Committed() => _lastCommit = _timeProvider.GetTimestamp();

    /// <summary>Ends every wait, now and from now on: what is there commits at once.</summary>
    public void Hurry() => _hurry.TrySetResult();

    /// <summary>Waits for more to commit; answers false when the commit must not wait longer.</summary>
    public async ValueTask<bool> WaitAsync(Task<bool> more)
    {
        if (more.IsCompleted)
        {
            return await more;
        }

        var left = Left;
        if (left <= TimeSpan.Zero || _hurry.Task.IsCompleted)
        {
            return false;
        }

        using var ended = new CancellationTokenSource();
        var interval = Task.Delay(left, _timeProvider, ended.Token);
        var first = await Task.WhenAny(more, interval, _hurry.Task);
        await ended.CancelAsync();
        return first == more && await more;
    }
}
