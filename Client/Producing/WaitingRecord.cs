namespace Orleans.Pipeline.Client.Producing;

internal readonly record struct BatchPlace(BatchCompletion Completion, int Place)
{
    public ValueTask<SendResult> Result => Completion.Of(Place);
}

/// <summary>A record that waits for room. Without a record, it is a mark in the line.</summary>
internal sealed class WaitingRecord(
    ProducerRecord? record, int bytes, bool isEnqueued, Action<IThreadPoolWorkItem> schedule) : IThreadPoolWorkItem
{
    private readonly TaskCompletionSource<BatchPlace> _entered = new();
    private int _isClaimed;
    private BatchPlace _place;
    private Exception? _error;

    public int Bytes { get; } = bytes;

    /// <summary>Whether the record has entered or was refused.</summary>
    public bool IsClaimed => Volatile.Read(ref _isClaimed) != 0;

    /// <param name="cancellationToken">Removes the record from the line, unless it has entered.</param>
    public async Task<BatchPlace> EnteredAsync(CancellationToken cancellationToken)
    {
        using var cancellation = cancellationToken.UnsafeRegister(
            static (waiting, token) => ((WaitingRecord)waiting!).Refuse(new OperationCanceledException(token)), this);
        return await _entered.Task.ConfigureAwait(false);
    }

    /// <returns>Whether the record is in its batch; false if it was cancelled or refused.</returns>
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

    /// <summary>
    /// Fails the record, unless it has entered. A mark only waits for the records before it, so their error does not fail it.
    /// </summary>
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
