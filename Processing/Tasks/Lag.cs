namespace Orleans.Pipeline.Tasks;

internal static class Lag
{
    /// <summary>Returns the lag of a task.</summary>
    /// <param name="held">The bounds of the task's partition.</param>
    /// <param name="nextOffset">The first offset that the task has not committed.</param>
    public static long Of(PartitionBounds held, long nextOffset) => Math.Max(0, held.End - Math.Max(nextOffset, held.Start));

    /// <summary>Returns the lag of a topic behind the slowest stage that reads it.</summary>
    /// <param name="stages">The stages that read the topic, at least one.</param>
    /// <param name="log">The log.</param>
    /// <param name="topic">The topic.</param>
    /// <param name="nextOffsetOf">Returns the first offset that a task has not committed.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public static async ValueTask<long> OfAsync(
        IEnumerable<StageDefinition> stages,
        ITopicLog log,
        TopicName topic,
        Func<TaskId, long> nextOffsetOf,
        CancellationToken cancellationToken)
    {
        var bounds = await log.GetTopicBoundsAsync(topic, cancellationToken);
        return stages.Max(stage => bounds
            .Select((held, partition) => Of(held, nextOffsetOf(new TaskId(stage.Pipeline, stage.Name, partition))))
            .Sum());
    }
}
