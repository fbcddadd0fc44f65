using System.Runtime.ExceptionServices;
using System.Threading.Tasks.Sources;

namespace Orleans.Pipeline.Client.Producing;

/// <summary>
/// Completes the sends of a batch's records. One object serves all senders: the token of a task is the record's place in the batch, so a
/// send allocates nothing. As an <see cref="IValueTaskSource"/>, it completes without an error when the batch is acknowledged or failed.
/// </summary>
internal sealed class BatchCompletion(TopicPartition partition, Action<IThreadPoolWorkItem> schedule)
    : IValueTaskSource<SendResult>, IValueTaskSource, IThreadPoolWorkItem
{
    /// <summary>The maximum number of records that a token of 16 bits can distinguish.</summary>
    public const int MaximumRecords = ushort.MaxValue + 1;

    private readonly Lock _sync = new();
    private readonly Queue<Waiter> _waiters = new();
    private volatile bool _isResolved;
    private long _baseOffset;
    private ExceptionDispatchInfo? _failure;

    public ValueTask<SendResult> Of(int place) => new(this, unchecked((short)place));

    public ValueTask Resolved => new(this, 0);

    public void Succeed(long baseOffset)
    {
        _baseOffset = baseOffset;
        Resolve();
    }

    public void Fail(Exception failure)
    {
        _failure = ExceptionDispatchInfo.Capture(failure);
        Resolve();
    }

    SendResult IValueTaskSource<SendResult>.GetResult(short token)
    {
        ThrowIfPending();
        _failure?.Throw();
        return new(partition, _baseOffset + unchecked((ushort)token));
    }

    ValueTaskSourceStatus IValueTaskSource<SendResult>.GetStatus(short token) => !_isResolved
        ? ValueTaskSourceStatus.Pending
        : _failure is null ? ValueTaskSourceStatus.Succeeded : ValueTaskSourceStatus.Faulted;

    void IValueTaskSource.GetResult(short token) => ThrowIfPending();

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) =>
        _isResolved ? ValueTaskSourceStatus.Succeeded : ValueTaskSourceStatus.Pending;

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
    {
        var waiter = Waiter.Capture(continuation, state, flags);
        lock (_sync)
        {
            _waiters.Enqueue(waiter);
        }

        if (_isResolved)
        {
            schedule(this);
        }
    }

    /// <summary>Runs one waiter. Each waiter is scheduled separately, so that a slow one does not delay the others.</summary>
    void IThreadPoolWorkItem.Execute()
    {
        Waiter waiter;
        lock (_sync)
        {
            if (!_waiters.TryDequeue(out waiter))
            {
                return;
            }
        }

        waiter.Run();
    }

    private void Resolve()
    {
        int waiting;
        _isResolved = true;
        lock (_sync)
        {
            waiting = _waiters.Count;
        }

        for (; waiting > 0; waiting--)
        {
            schedule(this);
        }
    }

    private void ThrowIfPending()
    {
        if (!_isResolved)
        {
            throw new InvalidOperationException($"A send to partition {partition} is not complete yet; await it before taking its result.");
        }
    }

    private readonly record struct Waiter(Action<object?> Continuation, object? State, object? Where, ExecutionContext? Context)
    {
        public static Waiter Capture(Action<object?> continuation, object? state, ValueTaskSourceOnCompletedFlags flags) => new(
            continuation,
            state,
            flags.HasFlag(ValueTaskSourceOnCompletedFlags.UseSchedulingContext) ? CurrentContext() : null,
            flags.HasFlag(ValueTaskSourceOnCompletedFlags.FlowExecutionContext) ? ExecutionContext.Capture() : null);

        public void Run()
        {
            switch (Where)
            {
                case SynchronizationContext context:
                    context.Post(static waiter => ((Waiter)waiter!).RunHere(), this);
                    break;
                case TaskScheduler scheduler:
                    Task.Factory.StartNew(
                        static waiter => ((Waiter)waiter!).RunHere(),
                        this,
                        CancellationToken.None,
                        TaskCreationOptions.DenyChildAttach,
                        scheduler);
                    break;
                default:
                    RunHere();
                    break;
            }
        }

        private static object? CurrentContext()
        {
            if (SynchronizationContext.Current is { } context && context.GetType() != typeof(SynchronizationContext))
            {
                return context;
            }

            return TaskScheduler.Current == TaskScheduler.Default ? null : TaskScheduler.Current;
        }

        private void RunHere()
        {
            if (Context is null)
            {
                Continuation(State);
            }
            else
            {
                ExecutionContext.Run(Context, static waiter => ((Waiter)waiter!).Continuation(((Waiter)waiter!).State), this);
            }
        }
    }
}
