using Orleans.Pipeline.Dashboard.Pipelines;

namespace Orleans.Pipeline.Dashboard.Tests.Figures;

public sealed class SkewTests
{
    [Fact]
    public void A_partition_that_gets_most_of_the_records_is_called_hot()
    {
        var skew = Skew.Of(StageOf(0, 0, 0, 0), [10, 10, 10, 370]);

        Assert.Equal(3, skew.Busiest);
        Assert.Equal(3.7, skew.Factor);
        Assert.StartsWith(
            "Partition 3 is hot: it gets 93 % of the records, 3.7 times an even share.",
            Assert.Single(skew.Warnings),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Partitions_that_are_about_even_need_no_words() =>
        Assert.Empty(Skew.Of(StageOf(1200, 900, 1100, 1000), [100, 120, 90, 110]).Warnings);

    [Fact]
    public void A_partition_that_has_most_of_the_lag_is_pointed_out() =>
        Assert.StartsWith(
            "Partition 1 is behind: it has 98 % of the lag",
            Assert.Single(Skew.Of(StageOf(100, 9800, 50, 50), [1, 1, 1, 1]).Warnings),
            StringComparison.Ordinal);

    [Fact]
    public void One_partition_alone_is_never_hot() => Assert.Empty(Skew.Of(StageOf(100_000), [1000]).Warnings);

    private static StageStatus StageOf(params long[] lags) =>
        new("stage", "topic", [.. lags.Select((lag, partition) => TaskOf(partition, lag))], [], [], new WorkersStatus(0, 0, 2));

    private static StageTaskStatus TaskOf(int partition, long lag) => new()
    {
        Partition = partition,
        State = RunState.Running,
        Epoch = 1,
        NextOffset = 0,
        EndOffset = lag,
        Lag = lag,
        RecordsPerSecond = 0,
        Processed = 0,
        DeadLetters = 0,
        Error = null,
        Node = null,
        Retries = 0,
        BytesPerSecond = 0,
    };
}
