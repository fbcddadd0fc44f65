namespace Orleans.Pipeline.Client;

/// <summary>
/// Bounds a producer's memory: a record enters if there is room, otherwise it joins a line and enters, in order, when batches are
/// resolved. The line is closed until it is opened, so that what comes before the producer is ready waits in order too.
/// </summary>
internal sealed class MemoryLine(long maximumBytes, PlaceRecord place)
{
    private readonly Lock _sync = new();
    private readonly Queue<WaitingRecord> _line = new();
    private long _usedBytes;
    private bool _isOpen;
    private bool _isMoving;
    private bool _movesAgain;
    private volatile bool _mustQueue = true;

    /// <summary>Bytes of records that are gathered or in flight.</summary>
    public long UsedBytes => Interlocked.Read(ref _usedBytes);

    /// <summary>Whether records wait, so that no batch should wait for further ones.</summary>
    public bool IsFull => _mustQueue;

    /// <summary>Enters if there is room and nobody waits.</summary>
    public bool TryEnter(int bytes) => !_mustQueue && TryTake(bytes);

    /// <summary>Joins the line.</summary>
    /// <returns>Whether nobody waited before.</returns>
    public bool Join(WaitingRecord record)
    {
        bool isFirst;
        lock (_sync)
        {
            isFirst = _line.Count == 0;
            _line.Enqueue(record);
            _mustQueue = true;
        }

        Move();
        return isFirst;
    }

    /// <summary>Joins the line unless it is empty.</summary>
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

    /// <summary>Lets records in from now on.</summary>
    public void Open()
    {
        lock (_sync)
        {
            _isOpen = true;
        }

        Move();
    }

    /// <summary>Sends away all that wait before the line is opened.</summary>
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

    /// <summary>Gives back the room of a resolved batch.</summary>
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

    /// <summary>Lets in from the front of the line what there is room for; one caller at a time does it, for all.</summary>
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
            else if (MayRest())
            {
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
            _isMoving = false;
            return null;
        }
    }

    /// <summary>Whether no room was given back since the front of the line was looked at.</summary>
    private bool MayRest()
    {
        lock (_sync)
        {
            _isMoving = _movesAgain;
            return !_isMoving;
        }
    }

    /// <summary>Lets a record in. It leaves the line only then: until it is in its batch, newcomers have to queue behind it.</summary>
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
