namespace Orleans.Pipeline.Client.Producing;

/// <summary>
/// Bounds a producer's memory. A record enters if there is room. Otherwise the record joins a line and enters, in order, when resolved
/// batches release room. The line is closed at first, so that records that come before the producer is ready also wait in order.
/// </summary>
/// <param name="maximumBytes">The maximum bytes of records inside.</param>
/// <param name="place">Puts a record that enters into its batch.</param>
/// <param name="flushNow">Called when records begin to wait for room, so that no batch waits for more records.</param>
internal sealed class MemoryGate(long maximumBytes, PlaceRecord place, Action flushNow)
{
    private readonly Lock _sync = new();
    private readonly Queue<WaitingRecord> _line = new();
    private long _usedBytes;
    private bool _isOpen;
    private bool _isMoving;
    private bool _movesAgain;
    private volatile bool _mustQueue = true;
    private volatile bool _isFull;

    public long UsedBytes => Interlocked.Read(ref _usedBytes);

    /// <summary>Whether records wait for room.</summary>
    public bool IsFull => _isFull;

    /// <summary>Enters if there is room and the line is empty.</summary>
    public bool TryEnter(int bytes) => !_mustQueue && TryTake(bytes);

    public void Join(WaitingRecord record)
    {
        lock (_sync)
        {
            _line.Enqueue(record);
            _mustQueue = true;
        }

        Move();
    }

    public bool TryJoinBehindOthers(WaitingRecord mark)
    {
        lock (_sync)
        {
            if (_line.Count == 0)
            {
                return false;
            }

            _line.Enqueue(mark);
            return true;
        }
    }

    public void Open()
    {
        lock (_sync)
        {
            _isOpen = true;
        }

        Move();
    }

    /// <summary>Fails every waiter of a line that was not opened yet.</summary>
    public void Refuse(Exception error)
    {
        WaitingRecord[] refused;
        lock (_sync)
        {
            refused = [.. _line];
            _line.Clear();
        }

        foreach (var record in refused)
        {
            record.Refuse(error);
        }
    }

    public void Release(long bytes)
    {
        Interlocked.Add(ref _usedBytes, -bytes);
        if (_mustQueue)
        {
            Move();
        }
    }

    private bool TryTake(int bytes)
    {
        var used = Interlocked.Add(ref _usedBytes, bytes);
        if (used <= maximumBytes || used == bytes)
        {
            return true;
        }

        Interlocked.Add(ref _usedBytes, -bytes);
        return false;
    }

    /// <summary>Lets records in from the front of the line while there is room. One caller at a time does this for all callers.</summary>
    private void Move()
    {
        lock (_sync)
        {
            _movesAgain = true;
            if (_isMoving || !_isOpen)
            {
                return;
            }

            _isMoving = true;
        }

        while (FindFirst() is { } first)
        {
            if (TryTake(first.Bytes))
            {
                Enter(first);
            }
            else if (TryPark(out var becameFull))
            {
                if (becameFull)
                {
                    flushNow();
                }

                return;
            }
        }
    }

    private WaitingRecord? FindFirst()
    {
        lock (_sync)
        {
            _movesAgain = false;
            while (_line.TryPeek(out var first))
            {
                if (!first.IsClaimed)
                {
                    return first;
                }

                _line.Dequeue();
            }

            _mustQueue = false;
            _isFull = false;
            _isMoving = false;
            return null;
        }
    }

    /// <summary>Returns whether no room was released since the front of the line was checked.</summary>
    /// <param name="becameFull">Whether records begin to wait for room.</param>
    private bool TryPark(out bool becameFull)
    {
        lock (_sync)
        {
            _isMoving = _movesAgain;
            becameFull = !_isMoving && !_isFull;
            _isFull |= becameFull;
            return !_isMoving;
        }
    }

    /// <summary>
    /// Lets a record in, and only then removes it from the line, so that new records queue behind it until it is in its batch.
    /// </summary>
    private void Enter(WaitingRecord record)
    {
        var hasEntered = record.Enter(place);
        lock (_sync)
        {
            _line.Dequeue();
        }

        if (!hasEntered)
        {
            Interlocked.Add(ref _usedBytes, -record.Bytes);
        }
    }
}
