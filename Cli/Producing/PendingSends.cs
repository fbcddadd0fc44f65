using Orleans.Pipeline.Client;

namespace Orleans.Pipeline.Cli.Producing;

/// <summary>
/// Sent records that are not acknowledged yet, in the order of their lines. Every line before the first unacknowledged one is durable.
/// </summary>
/// <param name="limitBytes">The maximum number of unacknowledged bytes.</param>
internal sealed class PendingSends(long limitBytes)
{
    private const int LimitRecords = 1 << 20;

    private readonly Queue<Pending> _pending = new();
    private Task<SendResult>? _awaited;
    private long _bytes;
    private long _acknowledged;

    public long Acknowledged => Volatile.Read(ref _acknowledged);

    /// <summary>The first line that could not be delivered; null for none.</summary>
    public long? FailedLine { get; private set; }

    /// <summary>The error of that line.</summary>
    public Exception? Failure { get; private set; }

    public void Add(long line, int bytes, ValueTask<SendResult> sent)
    {
        _pending.Enqueue(new(line, bytes, sent));
        _bytes += bytes;
    }

    /// <summary>Removes records with a result, and waits for the oldest while too much is pending.</summary>
    public async ValueTask MakeRoomAsync(CancellationToken cancellationToken)
    {
        while (_pending.TryPeek(out var oldest)
            && (_bytes > limitBytes || _pending.Count > LimitRecords || (_awaited?.IsCompleted ?? oldest.Sent.IsCompleted)))
        {
            await SettleOldestAsync(cancellationToken);
        }
    }

    public async Task SettleAsync()
    {
        while (_pending.Count > 0)
        {
            await SettleOldestAsync(CancellationToken.None);
        }
    }

    private async ValueTask SettleOldestAsync(CancellationToken cancellationToken)
    {
        var oldest = _pending.Peek();
        try
        {
            if (_awaited is null && oldest.Sent.IsCompletedSuccessfully)
            {
                _ = oldest.Sent.Result;
            }
            else
            {
                _awaited ??= oldest.Sent.AsTask();
                await _awaited.WaitAsync(cancellationToken);
            }

            Interlocked.Increment(ref _acknowledged);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            FailedLine ??= oldest.Line;
            Failure ??= failure;
        }

        _awaited = null;
        _bytes -= oldest.Bytes;
        _pending.Dequeue();
    }

    private readonly record struct Pending(long Line, int Bytes, ValueTask<SendResult> Sent);
}
