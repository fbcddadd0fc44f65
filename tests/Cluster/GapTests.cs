using Microsoft.Extensions.DependencyInjection;

namespace Orleans.Pipeline.Cluster.Tests;

/// <summary>A log whose answers lack a batch, once: the first batch of the next answer is missing, or one in the middle.</summary>
public sealed class GapTests
{
    private const int Batches = 20;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_batch_that_is_missing_in_an_answer_is_read_again_and_nothing_is_lost(int missing)
    {
        var lossy = new Lossy(missing);
        await using var cluster = await TestCluster.StartAsync(
            Numbers.Define, silos: 1, silo => silo.Services.AddSingleton(lossy.Over(silo.Services)));
        await cluster.Engine.PauseAsync("copy");
        for (var batch = 0; batch < Batches; batch++)
        {
            await Numbers.AppendAsync(cluster.Store, batch, 1);
        }

        await cluster.Engine.ResumeAsync("copy");
        await Numbers.WhenCommittedAsync(cluster, Batches);

        await Numbers.AssertCopiedAsync(cluster.Store, Batches);
        Assert.Equal(Numbers.Partitions, lossy.Losses);
    }

    /// <summary>Leaves a batch out of each partition's first answer that has more than one.</summary>
    private sealed class Lossy(int missing)
    {
        private readonly HashSet<TopicPartition> _lost = [];

        public int Losses => _lost.Count;

        public ITopicStore Over(IServiceCollection services)
        {
            var store = (ITopicStore)services.Last(service => service.ServiceType == typeof(ITopicStore)).ImplementationInstance!;
            return Interposed.Before(store, nameof(store.ReadAsync), (arguments, answer) =>
                LoseAsync((TopicPartition)arguments[0]!, (ValueTask<IReadOnlyList<RecordBatch>>)answer));
        }

        private async ValueTask<IReadOnlyList<RecordBatch>> LoseAsync(
            TopicPartition partition, ValueTask<IReadOnlyList<RecordBatch>> reading)
        {
            var batches = await reading;
            lock (_lost)
            {
                return partition.Topic == Numbers.Source && batches.Count > 1 && _lost.Add(partition)
                    ? [.. batches.Where((_, index) => index != missing)]
                    : batches;
            }
        }
    }
}
