namespace Orleans.Pipeline.Tasks;

/// <summary>What one task may read ahead.</summary>
/// <param name="Bytes">The most bytes that it holds that are read but not committed.</param>
/// <param name="ReadBytes">The most bytes of one read.</param>
internal readonly record struct ReadAheadShare(long Bytes, int ReadBytes)
{
    /// <summary>Gives every task of the pipelines an equal share, at most what its profile says.</summary>
    /// <param name="pipelines">The pipelines.</param>
    /// <param name="partitionsOf">How many partitions a topic has.</param>
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
