namespace Orleans.Pipeline.Tasks;

internal static class Lag
{
    public static long Of(PartitionBounds held, long nextOffset) => Math.Max(0, held.End - Math.Max(nextOffset, held.Start));

    /// <summary>Returns the lag of a topic behind the slowest of the stages that read it. There must be at least one.</summary>
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
