namespace Orleans.Pipeline.Storage.Sqlite.Writing;

/// <summary>The requests that wait for the writer thread, bounded in bytes: who comes when it is full waits for room, in order.</summary>
/// <param name="capacity">Bytes of requests waiting and being written; one larger request is let in alone.</param>
internal sealed class WriteQueue(long capacity)
{
    private readonly object _gate = new();
    private readonly Queue<WriteRequest> _requests = new();
    private readonly Queue<Entrant> _entrants = new();
    private long _held;
    private bool _closed;

    /// <summary>Lets a request in as soon as there is room.</summary>
    /// <exception cref="ObjectDisposedException">The store is closed.</exception>
    public ValueTask EnterAsync(WriteRequest request, CancellationToken cancellationToken)
    {
        Entrant entrant;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, typeof(SqliteStore));
            if (_entrants.Count == 0 && HasRoomFor(request))
            {
                Admit(request);
                return ValueTask.CompletedTask;
            }

            entrant = new Entrant(request);
            _entrants.Enqueue(entrant);
        }

        return new ValueTask(WaitAsync(entrant, cancellationToken));
    }

    /// <summary>Takes the requests that wait, in order, as many as fit; blocks while there are none.</summary>
    /// <param name="group">Receives them.</param>
    /// <param name="maximumBytes">Stop before passing this many bytes, after at least one.</param>
    /// <param name="maximumCount">Stop at this many.</param>
    /// <returns>Whether there were any; not so after the queue was closed and emptied.</returns>
    public bool Take(List<WriteRequest> group, long maximumBytes, int maximumCount)
    {
        lock (_gate)
        {
            while (_requests.Count == 0 && !_closed)
            {
                Monitor.Wait(_gate);
            }

            var bytes = 0L;
            while (group.Count < maximumCount && _requests.TryPeek(out var next) && (group.Count == 0 || bytes + next.Bytes <= maximumBytes))
            {
                bytes += next.Bytes;
                group.Add(_requests.Dequeue());
            }

            return group.Count > 0;
        }
    }

    /// <summary>Makes room where written requests were.</summary>
    public void Leave(List<WriteRequest> group)
    {
        lock (_gate)
        {
            foreach (var request in group)
            {
                _held -= request.Bytes;
            }

            while (_entrants.TryPeek(out var entrant) && (entrant.HasLeft || HasRoomFor(entrant.Request)))
            {
                _entrants.Dequeue();
                if (!entrant.HasLeft)
                {
                    Admit(entrant.Request);
                    entrant.Admitted.TrySetResult();
                }
            }
        }
    }

    /// <summary>Lets nobody in any more; what is in can still be taken.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            while (_entrants.TryDequeue(out var entrant))
            {
                entrant.Admitted.TrySetException(new ObjectDisposedException(typeof(SqliteStore).FullName));
            }

            Monitor.Pulse(_gate);
        }
    }

    private bool HasRoomFor(WriteRequest request) => _held == 0 || _held + request.Bytes <= capacity;

    private void Admit(WriteRequest request)
    {
        _held += request.Bytes;
        _requests.Enqueue(request);
        if (_requests.Count == 1)
        {
            Monitor.Pulse(_gate);
        }
    }

    private async Task WaitAsync(Entrant entrant, CancellationToken cancellationToken)
    {
        await using var registration = cancellationToken.UnsafeRegister(
            (_, token) =>
            {
                lock (_gate)
                {
                    entrant.HasLeft = entrant.Admitted.TrySetCanceled(token);
                }
            },
            null);
        await entrant.Admitted.Task;
    }

    private sealed class Entrant(WriteRequest request)
    {
        public WriteRequest Request { get; } = request;

        public TaskCompletionSource Admitted { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool HasLeft { get; set; }
    }
}
