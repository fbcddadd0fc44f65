using Orleans.Pipeline.Tasks;

namespace Orleans.Pipeline.Embedded;

/// <summary>
/// Runs chunks on its own threads. Tasks take turns, so a task with a thousand waiting chunks delays another task's first chunk by only
/// one chunk. A chunk releases its thread while its steps wait.
/// </summary>
internal sealed class ThreadWorkerPool : IWorkerPool, IDisposable
{
    private readonly Func<TaskId, StageProgram> _programs;
    private readonly Lock _lock = new();
    private readonly Dictionary<TaskId, Queue<Job>> _waiting = [];
    private readonly Queue<TaskId> _turns = [];
    private readonly SemaphoreSlim _jobs = new(0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<Thread> _threads = [];

    public ThreadWorkerPool(int threads, Func<TaskId, StageProgram> programs)
    {
        _programs = programs;
        for (var index = 0; index < threads; index++)
        {
            var thread = new Thread(Work) { IsBackground = true, Name = $"Pipeline worker {index}" };
            _threads.Add(thread);
            thread.Start();
        }
    }

    public ValueTask<ChunkResult> RunAsync(Chunk chunk, CancellationToken cancellationToken)
    {
        var job = new Job(_programs(chunk.Task), chunk, cancellationToken);
        lock (_lock)
        {
            if (!_waiting.TryGetValue(chunk.Task, out var queue))
            {
                _waiting.Add(chunk.Task, queue = []);
            }

            if (queue.Count == 0)
            {
                _turns.Enqueue(chunk.Task);
            }

            queue.Enqueue(job);
        }

        _jobs.Release();
        return new ValueTask<ChunkResult>(job.Completion);
    }

    public void Dispose()
    {
        _stopping.Cancel();
        _threads.ForEach(thread => thread.Join());
        _jobs.Dispose();
        _stopping.Dispose();
    }

    private void Work()
    {
        try
        {
            while (true)
            {
                _jobs.Wait(_stopping.Token);
                TakeTurn().Start();
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
        }
    }

    private Job TakeTurn()
    {
        lock (_lock)
        {
            var task = _turns.Dequeue();
            var queue = _waiting[task];
            var job = queue.Dequeue();
            if (queue.Count > 0)
            {
                _turns.Enqueue(task);
            }
            else
            {
                _waiting.Remove(task);
            }

            return job;
        }
    }

    private sealed class Job(StageProgram program, Chunk chunk, CancellationToken cancellationToken)
    {
        private readonly TaskCompletionSource<ChunkResult> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<ChunkResult> Completion => _completion.Task;

        /// <summary>Runs the chunk until its first wait. The rest runs in the thread pool.</summary>
        public async void Start()
        {
            try
            {
                cancellationToken.ThrowIfCancellationRequested();
                _completion.SetResult(await program.RunAsync(chunk, cancellationToken));
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                _completion.SetCanceled(cancellationToken);
            }
            catch (Exception error)
            {
                _completion.SetException(error);
            }
        }
    }
}
