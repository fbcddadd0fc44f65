
namespace Orleans.Pipeline.Cli.Lag;

/// <summary>Tells partitions that get far more records than others, mostly because one key has most of them.</summary>
internal static class HotPartitions
{
    private const int Times = 3;
    private const long LeastLag = 1000;

    /// <summary>Whether a partition is at least a thousand records behind, and three times as many as the others on average.</summary>
    public static bool IsHot(StageTaskStatus task, StageStatus stage)
    {
        var others = stage.Tasks.Count - 1;
        return others > 0 && task.Lag >= LeastLag && task.Lag * others > Times * (stage.Tasks.Sum(other => other.Lag) - task.Lag);
    }
}
