using System.Threading.Channels;

namespace Orleans.Pipeline.Processing.Tests.Tasks;

/// <summary>A committer of one task that holds each commit until the test decides its result.</summary>
internal sealed class HeldStore : ICommitter
{
    private readonly Lock _lock = new();
    private readonly Queue<TaskCompletionSource> _answers = [];
    private readonly Queue<TaskCompletionSource> _waiting = [];

    private readonly Channel<Commit> _asked = Channel.CreateUnbounded<Commit>();

    /// <summary>The commits that were asked for, repeats included.</summary>
    public List<Commit> Commits { get; } = [];

    /// <summary>Lets the next commit, asked for or to come, succeed.</summary>
    public void Succeed() => Take().SetResult();

    /// <summary>Lets the next commit, asked for or to come, fail.</summary>
    public void Fail(Exception error) => Take().SetException(error);

    /// <summary>Waits for the next commit to be asked for.</summary>
    public async Task<Commit> NextAsync() => await _asked.Reader.ReadAsync();

    public async ValueTask CommitAsync(Commit commit, CancellationToken cancellationToken = default)
    {
        TaskCompletionSource answer;
        lock (_lock)
        {
            Commits.Add(commit);
            answer = Pair(_answers, _waiting);
        }

        _asked.Writer.TryWrite(commit);
        await using var stopped = cancellationToken.UnsafeRegister(_ => answer.TrySetCanceled(cancellationToken), null);
        await answer.Task;
    }

    private TaskCompletionSource Take()
    {
        lock (_lock)
        {
            return Pair(_waiting, _answers);
        }
    }

    /// <summary>Takes what the other side has left, or leaves something for it.</summary>
    private static TaskCompletionSource Pair(Queue<TaskCompletionSource> theirs, Queue<TaskCompletionSource> ours)
    {
        if (!theirs.TryDequeue(out var shared))
        {
            ours.Enqueue(shared = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        return shared;
    }
}
