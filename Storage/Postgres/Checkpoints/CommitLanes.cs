using System.Threading.Channels;
using Orleans.Pipeline.Storage.Postgres.Connections;

namespace Orleans.Pipeline.Storage.Postgres.Checkpoints;

/// <summary>
/// Writes the commits of this process's tasks in a few transactions at a time. The next transaction writes all waiting commits together. So
/// many tasks share one round trip and one fsync, and rows to which all of them add are locked and written once.
/// </summary>
/// <remarks>When a commit fails, its transaction fails as a whole; each of its commits is then written alone.</remarks>
internal sealed class CommitLanes(TaskCommits commits, PostgresStoreSettings settings)
{
    /// <summary>The maximum rows in one transaction, unless a single commit has more. Writing rows delays the other commits.</summary>
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

    /// <summary>Refuses new commits, and writes those that wait.</summary>
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

    /// <returns>True if every request has its answer; false if nothing was written.</returns>
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
            return false; // Writing each commit alone shows which one is at fault.
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

internal sealed class CommitRequest(Commit commit) : Request<bool>
{
    public Commit Commit { get; } = commit;

    public int Rows { get; } = commit.Tables.Sum(write => write.Rows.Count);

    public long Bytes { get; } = commit.Appends.Sum(append => (long)append.Batch.Bytes.Length);
}
