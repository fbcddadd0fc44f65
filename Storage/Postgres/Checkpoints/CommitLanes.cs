using System.Threading.Channels;
using Orleans.Pipeline.Storage.Postgres.Connections;

namespace Orleans.Pipeline.Storage.Postgres.Checkpoints;

/// <summary>
/// Makes the commits of this process's tasks, a few transactions at a time; those that wait meanwhile go together in the next. So
/// many tasks pay for one round trip and one fsync, and rows to which they all add are locked and written once.
/// </summary>
/// <remarks>One that cannot be made takes the others of its transaction with it; then each is made alone.</remarks>
internal sealed class CommitLanes(TaskCommits commits, PostgresStoreSettings settings)
{
    /// <summary>Rows that one transaction writes, unless a single commit has more: they take time, and hold up the others in it.</summary>
    private const int GroupRows = 10_000;

    private readonly Channel<CommitRequest> _requests = Channel.CreateUnbounded<CommitRequest>();
    private readonly Lock _taking = new();
    private Task _running = Task.CompletedTask;

    public void Start() => _running = Task.WhenAll(Enumerable.Range(0, settings.Committers).Select(_ => RunAsync()));

    public Task CommitAsync(Commit commit, CancellationToken cancellationToken)
    {
        var request = new CommitRequest(commit);
        ObjectDisposedException.ThrowIf(!_requests.Writer.TryWrite(request), typeof(PostgresStore));
        return request.AnswerAsync(cancellationToken);
    }

    /// <summary>Takes no more commits, and makes those that wait.</summary>
    public Task StopAsync()
    {
        _requests.Writer.TryComplete();
        return _running;
    }

    private async Task RunAsync()
    {
        while (await _requests.Reader.WaitToReadAsync())
        {
            var group = TakeGroup();
            if (group.Count > 1 && await TryMakeTogetherAsync(group))
            {
                continue;
            }

            foreach (var request in group)
            {
                await MakeAsync(request);
            }
        }
    }

    private List<CommitRequest> TakeGroup()
    {
        var group = new List<CommitRequest>();
        var (rows, bytes) = (0, 0L);
        lock (_taking)
        {
            while (group.Count < settings.GroupBatches && _requests.Reader.TryPeek(out var next)
                && (group.Count == 0 || (rows + next.Rows <= GroupRows && bytes + next.Bytes <= settings.GroupBytes))
                && _requests.Reader.TryRead(out next))
            {
                if (!next.IsAbandoned)
                {
                    rows += next.Rows;
                    bytes += next.Bytes;
                    group.Add(next);
                }
            }
        }

        return group;
    }

    /// <returns>Whether each has its answer; if not, nothing was made.</returns>
    private async Task<bool> TryMakeTogetherAsync(List<CommitRequest> group)
    {
        try
        {
            await commits.CommitAsync([.. group.Select(request => request.Commit)]);
            group.ForEach(request => request.Complete(true));
            return true;
        }
        catch (StoreUnavailableException unavailable) when (unavailable.InnerException is { } cause && Failure.IsOfConnection(cause))
        {
            group.ForEach(request => request.Fail(unavailable));
            return true;
        }
        catch (Exception)
        {
            return false; // Which of them is at fault shows when each is made alone.
        }
    }

    private async Task MakeAsync(CommitRequest request)
    {
        try
        {
            await commits.CommitAsync([request.Commit]);
            request.Complete(true);
        }
        catch (Exception failure)
        {
            request.Fail(failure);
        }
    }
}
