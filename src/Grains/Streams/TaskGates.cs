using System.Collections.Concurrent;
using Orleans.Pipeline.Checkpoints;

namespace Orleans.Pipeline.Grains.Streams;

/// <summary>
/// By these a partition grain speaks to the reader of its partition on the same silo: it holds it up while it is paused or moves
/// to another offset, and wakes it when it goes on, or is gone. A grain that is on another silo for a moment is heard at the next
/// heartbeat of the reader.
/// </summary>
internal sealed class TaskGates
{
    private readonly ConcurrentDictionary<StreamId, TaskGate> _gates = [];

    public TaskGate GateOf(TaskId task) => GateOf(PipelineStreams.Of(task));

    public TaskGate GateOf(StreamId stream) => _gates.GetOrAdd(stream, static _ => new TaskGate());
}

/// <summary>Whether a task takes in batches.</summary>
internal sealed class TaskGate
{
    private volatile bool _closed;

    /// <summary>Is raised by every <see cref="Open"/>, also of a gate that was open.</summary>
    public event Action? Opened;

    public bool IsOpen => !_closed;

    public void Close() => _closed = true;

    public void Open()
    {
        _closed = false;
        Opened?.Invoke();
    }
}
