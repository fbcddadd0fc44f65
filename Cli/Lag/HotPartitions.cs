namespace Orleans.Pipeline.Cli.Lag;

/// <summary>Finds partitions with a far larger lag than the others. The usual cause is one key with most of the records.</summary>
internal static class HotPartitions
{
    private const int Times = 3;
    private const long LeastLag = 1000;

    /// <summary>Whether a partition is at least 1,000 records behind, and more than three times as far as the others on average.</summary>
    public static bool IsHot(StageTaskStatus task, StageStatus stage)
    {
        var others = stage.Tasks.Count - 1;
        return others > 0 && task.Lag >= LeastLag && task.Lag * others > Times * (stage.Tasks.Sum(other => other.Lag) - task.Lag);
    }
}
