namespace Orleans.Pipeline.Grains.Sources;

/// <summary>
/// How far each stream was copied: one past the sequence number of the last event that was appended, committed with the append.
/// </summary>
internal sealed class StreamPositions(ICheckpointStore checkpoints)
{
    /// <summary>No pipeline's stage has a slash in its name, so this is no pipeline's task.</summary>
    public ValueTask<Position> TakeOverAsync(StreamSource source, StreamId stream) =>
        checkpoints.TakeOverPositionAsync(new TaskId(source.Topic.Value, $"{source.Provider}/{stream}", 0));

    /// <summary>Appends events and remembers the position, or does neither.</summary>
    /// <exception cref="TaskFencedException">Another activation has taken the stream over.</exception>
    public async ValueTask<Position> CommitAsync(Position position, long next, IReadOnlyList<TopicAppend> appends)
    {
        await checkpoints.CommitAsync(new Commit(position.Task, position.Epoch, position.Next, next, appends, [], DeadLetters: 0));
        return position with { Next = next };
    }
}
