namespace Orleans.Pipeline.Tasks;

internal readonly record struct ReadAheadShare(long Bytes, int ReadBytes)
{
    /// <summary>Returns the share of a task: equal for all tasks of the pipelines, and at most the limit of the task's profile.</summary>
    /// <param name="pipelines">The pipelines.</param>
    /// <param name="partitionsOf">Returns the number of partitions of a topic.</param>
    /// <param name="profile">The profile of the task's pipeline.</param>
    /// <param name="bytes">The bytes of all tasks together.</param>
    public static ReadAheadShare Of(
        IEnumerable<PipelineDefinition> pipelines, Func<TopicName, int> partitionsOf, PipelineProfile profile, long bytes)
    {
        var tasks = pipelines.SelectMany(pipeline => pipeline.Stages).Sum(stage => partitionsOf(stage.Source));
        var share = Math.Min(profile.ReadAheadBytes, bytes / tasks);
        return new ReadAheadShare(share, (int)Math.Min(profile.ReadBytes, share / 2));
    }
}
