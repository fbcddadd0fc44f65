namespace Orleans.Pipeline.Dashboard.History;

internal sealed class StageHistory(int partitions)
{
    private readonly PartitionRates _rates = new();

    /// <summary>Records committed per second.</summary>
    public Series Rate { get; } = new();

    /// <summary>Records not yet committed.</summary>
    public Series Lag { get; } = new();

    public LagGrid LagByPartition { get; } = new(partitions);

    /// <summary>Records committed per second by partition, now.</summary>
    public IReadOnlyList<double> PartitionRates => _rates.PerSecond;

    /// <returns>Records committed per second over the last seconds; null if that is not known.</returns>
    public double? Add(DateTimeOffset at, TimeSpan? elapsed, StageStatus status)
    {
        var rate = _rates.Add([.. status.Tasks.Select(task => task.Processed + task.DeadLetters)], elapsed);
        if (rate is { } known)
        {
            Rate.Add(at, known);
        }

        Lag.Add(at, status.Tasks.Sum(task => task.Lag));
        LagByPartition.Add(at, status.Tasks.Select(task => (task.Partition, task.Lag)));
        return rate;
    }
}
