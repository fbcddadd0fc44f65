namespace Orleans.Pipeline.Dashboard.History;

internal sealed class TopicHistory
{
    private readonly PartitionRates _rates = new();

    /// <summary>Records appended per second.</summary>
    public Series Appended { get; } = new();

    public Series Bytes { get; } = new();

    /// <summary>Records appended per second by partition, now.</summary>
    public IReadOnlyList<double> PartitionRates => _rates.PerSecond;

    public void Add(DateTimeOffset at, TimeSpan? elapsed, IReadOnlyList<PartitionBounds> bounds)
    {
        if (_rates.Add([.. bounds.Select(partition => partition.End)], elapsed) is { } rate)
        {
            Appended.Add(at, rate);
        }

        Bytes.Add(at, bounds.Sum(partition => partition.Bytes));
    }
}
