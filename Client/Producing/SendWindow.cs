namespace Orleans.Pipeline.Client.Producing;

/// <summary>
/// The batches of one partition that have a sequence and are not all acknowledged, in order of sequence. The window decides which of them
/// may be sent now, and what an answer means for the others. It does no I/O; the lock of the partition's sender guards it.
/// </summary>
/// <remarks>
/// <code>
///   head                                          tail
///   [ 40 Sending ][ 52 Appended ][ 60 Sending ]        ← at most MaximumInFlight, from the oldest that is not acknowledged
/// </code>
/// 1. Several batches are in flight at once. The log appends them in order. A batch that overtakes another is refused as a gap, becomes
///    <see cref="BatchState.Held"/>, and is sent again when a batch before it is acknowledged. A refusal says something about the log only
///    if the batch was already the head when it was sent; otherwise the batch before it may have arrived since. If batches overtake each
///    other, fewer are sent at once: half as many after each refusal, and one more after every few batches in order.
/// 2. A retry sends the same bytes under the same sequence, so that the log can answer a repeat. The log remembers five batches, so an
///    appended batch keeps its place in the window until all batches before it are acknowledged.
/// 3. After a failure only the head is sent, until a batch is acknowledged.
/// 4. A batch that fails for good leaves a hole: no batch behind it can be appended under this identity. A log that has forgotten a
///    long-idle producer has the same effect, because it refuses the head. New batches are then not sent. The remaining batches are sent
///    until each is acknowledged, failed or refused. Once every append of the head was refused, neither the head nor a batch behind it is
///    in the log or can still be appended under the old sequence. These batches are numbered again from 0, in the same order, under the
///    next epoch, or under a new producer id if there is no next epoch.
/// </remarks>
internal sealed class SendWindow
{
    /// <summary>The number of acknowledgements without a refusal as a gap after which one more batch may be in flight.</summary>
    private const int WidenAfter = 32;

    private readonly List<ProducerBatch> _batches;
    private readonly int _maximumInFlight;
    private int _limit;
    private int _inOrder;
    private int _nextSequence;
    private bool _isProbing;
    private bool _hasGap;

    public SendWindow(ProducerIdentity identity, int maximumInFlight)
    {
        _batches = new(maximumInFlight);
        (Identity, _maximumInFlight, _limit) = (identity, maximumInFlight, maximumInFlight);
    }

    public ProducerIdentity Identity { get; private set; }

    /// <summary>The batches. The first is the oldest that is not acknowledged.</summary>
    public IReadOnlyList<ProducerBatch> Batches => _batches;

    /// <summary>Whether one more batch may be added and sent at once.</summary>
    public bool HasRoom =>
        !_hasGap && _batches.Count < (_isProbing ? 1 : _limit)
        && _batches.TrueForAll(static batch => batch.State is BatchState.Sending or BatchState.Appended);

    /// <summary>Whether the batches need another epoch or producer id, and no append of the old one is in flight.</summary>
    public bool NeedsIdentity =>
        _hasGap
        && !_batches.Exists(static batch => batch.State == BatchState.Sending)
        && (_batches.Count == 0 || _batches[0].State == BatchState.Held);

    public void Add(ProducerBatch batch)
    {
        batch.Number(_nextSequence);
        _nextSequence = RecordBatch.SequenceAfter(_nextSequence, batch.Count);
        _batches.Add(batch);
    }

    public ProducerBatch? TakeNextToSend(TimeSpan now)
    {
        for (var index = 0; index < _batches.Count; index++)
        {
            var batch = _batches[index];
            if (batch.State is BatchState.Sending or BatchState.Appended)
            {
                continue;
            }

            var isReady = batch.State == BatchState.Ready || (batch.State == BatchState.BackingOff && now >= batch.RetryAt);
            if (!isReady || (index > 0 && _isProbing))
            {
                return null;
            }

            batch.State = BatchState.Sending;
            batch.IsSentAsHead = index == 0;
            return batch;
        }

        return null;
    }

    public void Acknowledge(ProducerBatch batch)
    {
        batch.State = BatchState.Appended;
        _isProbing = false;
        if (++_inOrder >= WidenAfter && _limit < _maximumInFlight)
        {
            _limit++;
            _inOrder = 0;
        }

        while (_batches is [{ State: BatchState.Appended }, ..])
        {
            _batches.RemoveAt(0);
        }

        foreach (var held in _batches)
        {
            held.State = held.State == BatchState.Held ? BatchState.Ready : held.State;
        }
    }

    public void Defer(ProducerBatch batch, Exception error, TimeSpan until)
    {
        batch.Defer(error, until);
        _isProbing = true;
    }

    /// <summary>Notes that a batch was refused as a gap.</summary>
    /// <returns>Whether it can still be delivered; if not, fail and <see cref="Remove"/> it.</returns>
    public bool Hold(ProducerBatch batch)
    {
        var isHead = _batches[0] == batch;
        batch.State = isHead && !batch.IsSentAsHead ? BatchState.Ready : BatchState.Held;
        if (!isHead || !batch.IsSentAsHead)
        {
            _limit = Math.Max(1, _limit / 2);
            _inOrder = 0;
            return true;
        }

        _hasGap = true;
        return !batch.IsUncertain && batch.Sequence != 0;
    }

    /// <summary>Removes a failed batch that is perhaps not in the log, which leaves a hole.</summary>
    public void Remove(ProducerBatch batch)
    {
        _batches.Remove(batch);
        _hasGap = true;
        while (_batches is [{ State: BatchState.Appended }, ..])
        {
            _batches.RemoveAt(0);
        }

        if (_batches is [{ State: BatchState.Held, IsUncertain: true } head, ..])
        {
            head.State = BatchState.Ready;
        }
    }

    /// <summary>Numbers all batches again from 0, under another epoch or producer id.</summary>
    public void StartAgain(ProducerIdentity identity)
    {
        var batches = _batches.ToArray();
        _batches.Clear();
        (Identity, _nextSequence, _hasGap) = (identity, 0, false);
        foreach (var batch in batches)
        {
            Add(batch);
        }
    }
}
