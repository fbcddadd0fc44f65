using System.Globalization;

namespace Orleans.Pipeline.Cluster.Tests;

/// <summary>One partition with far more to do than the others of its silo.</summary>
public sealed class HotPartitionTests
{
    private const int Hot = 0;
    private const int Batches = 100;
    private const int Batch = 1000;
    private const int Few = 200;

    [Fact]
    public async Task A_hot_partition_does_not_starve_its_neighbours()
    {
        await using var cluster = await TestCluster.StartAsync(Define, silos: 1);
        await Numbers.AppendAsync(cluster.Store, 0, Few);
        await Numbers.WhenCommittedAsync(cluster, Few);
        for (var batch = 0; batch < Batches; batch++)
        {
            await Numbers.AppendAsync(cluster.Store, Few + (batch * Batch), Batch, only: Hot);
        }

        await cluster.WhenCommittedAsync(Numbers.TaskOf(Hot), Few + 1);
        var neighbours = Enumerable.Range(0, Numbers.Partitions).Where(partition => partition != Hot).ToList();
        await Task.WhenAll(neighbours.Select(partition => Numbers.AppendAsync(cluster.Store, Few, Few, only: partition)));
        await Task.WhenAll(neighbours.Select(partition => cluster.WhenCommittedAsync(Numbers.TaskOf(partition), 2 * Few)));

        var committed = (await cluster.Store.ListAsync()).Single(checkpoint => checkpoint.Task == Numbers.TaskOf(Hot)).NextOffset;
        Assert.InRange(committed, Few + 1, Few + (Batches * Batch * 3 / 4));
    }

    /// <summary>
    /// Every record costs so much work that the hot partition has seconds of it and its neighbours, all together, a tenth of one.
    /// </summary>
    private static void Define(PipelineCatalog pipelines) => pipelines.Add("copy", pipeline => pipeline
        .From("numbers", Serializers.Text, partitions: Numbers.Partitions)
        .Map(text =>
        {
            Thread.SpinWait(2_000);
            return long.Parse(text, CultureInfo.InvariantCulture);
        })
        .Map(number => $"{number}")
        .To(Sink.Topic("copies", Numbers.Partitions), key: null, Serializers.Text));
}
