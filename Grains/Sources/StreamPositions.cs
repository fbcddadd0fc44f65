namespace Orleans.Pipeline.Grains.Sources;

/// <summary>
/// The position up to which each stream was copied: one past the sequence number of the last appended event, committed with the append.
/// </summary>
internal sealed class StreamPositions(ICheckpointStore checkpoints)
{
    /// <summary>Takes a stream over. Stage names contain no slash, so the task's name collides with no pipeline's task.</summary>
    public ValueTask<Position> TakeOverAsync(StreamSource source, StreamId stream) =>
        checkpoints.TakeOverPositionAsync(new TaskId(source.Topic.Value, $"{source.Provider}/{stream}", 0));

    /// <summary>Appends events and commits the position, or does neither.</summary>
    /// <exception cref="TaskFencedException">Another activation has taken the stream over.</exception>
    public async ValueTask<Position> CommitAsync(Position position, long next, IReadOnlyList<TopicAppend> appends)
    {
        await checkpoints.CommitAsync(new Commit(position.Task, position.Epoch, position.Next, next, appends, [], DeadLetters: 0));
        return position with { Next = next };
    }
}
