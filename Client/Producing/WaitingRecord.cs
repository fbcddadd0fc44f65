namespace Orleans.Pipeline.Client.Producing;

/// <summary>Where a record is: its batch's completion, and its place in the batch.</summary>
internal readonly record struct BatchPlace(BatchCompletion Completion, int Place)
{
    /// <summary>The task that completes when the record is durable.</summary>
    public ValueTask<SendResult> Result => Completion.Of(Place);
}

/// <summary>A record that waits for room, or, without a record, a mark in the line.</summary>
internal sealed class WaitingRecord(
    ProducerRecord? record, int bytes, bool isEnqueued, Action<IThreadPoolWorkItem> schedule) : IThreadPoolWorkItem
{
    private readonly TaskCompletionSource<BatchPlace> _entered = new();
    private int _isClaimed;
    private BatchPlace _place;
    private Exception? _error;

    /// <summary>The room it takes.</summary>
    public int Bytes { get; } = bytes;

    /// <summary>Whether it has entered, or will not any more.</summary>
    public bool IsClaimed => Volatile.Read(ref _isClaimed) != 0;

    /// <summary>Waits until it has entered.</summary>
    /// <param name="cancellationToken">Takes it out of the line, unless it has entered.</param>
    public async Task<BatchPlace> EnteredAsync(CancellationToken cancellationToken)
    {
        using var cancellation = cancellationToken.UnsafeRegister(
            static (waiting, token) => ((WaitingRecord)waiting!).Refuse(new OperationCanceledException(token)), this);
        return await _entered.Task.ConfigureAwait(false);
    }

    /// <summary>Puts it into its batch.</summary>
    /// <returns>Whether it was put there; false if it was cancelled, or is refused.</returns>
    public bool Enter(PlaceRecord place)
    {
        if (!TryClaim())
        {
            return false;
        }

        try
        {
            _place = record is { } present ? place(present, Bytes, isEnqueued) : default;
        }
        catch (Exception error)
        {
            _error = error;
        }

        schedule(this);
        return _error is null;
    }

    /// <summary>Sends it away, unless it has entered. A mark only waits for the others, so their error is not its own.</summary>
    public void Refuse(Exception error)
    {
        if (TryClaim())
        {
            _error = record is null && error is not OperationCanceledException ? null : error;
            schedule(this);
        }
    }

    void IThreadPoolWorkItem.Execute()
    {
        switch (_error)
        {
            case null:
                _entered.SetResult(_place);
                break;
            case OperationCanceledException cancelled:
                _entered.SetCanceled(cancelled.CancellationToken);
                break;
            default:
                _entered.SetException(_error);
                break;
        }
    }

    private bool TryClaim() => Interlocked.Exchange(ref _isClaimed, 1) == 0;
}

/// <summary>Puts a record, for which there is room, into its batch.</summary>
/// <exception cref="PipelineException">The record is refused.</exception>
internal delegate BatchPlace PlaceRecord(in ProducerRecord record, int reservedBytes, bool isEnqueued);
