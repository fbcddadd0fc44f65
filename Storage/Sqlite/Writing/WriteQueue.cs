namespace Orleans.Pipeline.Storage.Sqlite.Writing;

/// <summary>The requests that wait for the writer thread, limited in bytes. Callers wait for room, in order.</summary>
/// <param name="capacity">The maximum bytes of requests that wait or are being written; a larger request enters alone.</param>
internal sealed class WriteQueue(long capacity)
{
    private readonly object _gate = new();
    private readonly Queue<WriteRequest> _requests = new();
    private readonly Queue<Entrant> _entrants = new();
    private long _held;
    private bool _closed;

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

    /// <summary>Takes as many waiting requests as fit, in order; blocks while there are none.</summary>
    /// <param name="group">The list that receives the requests.</param>
    /// <param name="maximumBytes">The maximum bytes to take, but at least one request.</param>
    /// <param name="maximumCount">The maximum number of requests to take.</param>
    /// <returns>True if there were any; false once the queue is closed and empty.</returns>
    public bool Take(List<WriteRequest> group, long maximumBytes, int maximumCount)
    {
        lock (_gate)
        {
            while (_requests.Count == 0 && !_closed)
            {
                Monitor.Wait(_gate);
            }

            var bytes = 0L;
            while (group.Count < maximumCount && _requests.TryPeek(out var next)
                && (group.Count == 0 || bytes + next.Bytes <= maximumBytes))
            {
                bytes += next.Bytes;
                group.Add(_requests.Dequeue());
            }

            return group.Count > 0;
        }
    }

    /// <summary>Frees the room of written requests.</summary>
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

    /// <summary>Refuses new requests. The requests in the queue can still be taken.</summary>
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
