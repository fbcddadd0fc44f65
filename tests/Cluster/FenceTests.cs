using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Orleans.Pipeline.Cluster.Tests;

/// <summary>Two activations of one partition, of which the older one still holds records that the newer one has committed.</summary>
public sealed class FenceTests
{
    private const int Count = 500;

    [Fact]
    public async Task The_older_activation_is_refused_its_commit_and_ends_and_nothing_doubles()
    {
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var refused = new RefusedCommits();
        await using var cluster = await TestCluster.StartAsync(
            pipelines => Define(pipelines, async () =>
            {
                entered.TrySetResult();
                await gate.Task;
            }),
            silos: 1,
            silo => silo.Services.AddSingleton<ILoggerProvider>(refused));
        await Numbers.AppendAsync(cluster.Store, 0, Count, only: 0);
        await entered.Task;
        var older = await EpochAsync(cluster);

        await using var rival = await cluster.StartRivalAsync(pipelines => Define(pipelines, () => Task.CompletedTask));
        await TestCluster.WhenCommittedAsync(rival, Numbers.TaskOf(0), Count);
        gate.SetResult();
        var refusal = await refused.FirstAsync();

        Assert.Equal(Numbers.TaskOf(0), refusal.Task);
        Assert.Contains($"it came under epoch {older}, but epoch {older + 1} has taken over", refusal.Message, StringComparison.Ordinal);
        await Numbers.AppendAsync(cluster.Store, Count, Count, only: 0);
        await cluster.WhenCommittedAsync(Numbers.TaskOf(0), 2 * Count);
        Assert.Equal(
            Enumerable.Range(0, 2 * Count).Select(number => (long)number),
            await Numbers.ReadAsync(cluster.Store, new TopicPartition(Numbers.Output, 0)));
    }

    private static void Define(PipelineCatalog pipelines, Func<Task> pass) => pipelines.Add("copy", pipeline => pipeline
        .From("numbers", Serializers.Text, partitions: 1)
        .MapAsync(async (text, _, _) =>
        {
            await pass();
            return text;
        })
        .To(Sink.Topic("copies", 1), key: null, Serializers.Text));

    private static async Task<long> EpochAsync(TestCluster cluster) =>
        (await cluster.Store.ListAsync()).Single(checkpoint => checkpoint.Task == Numbers.TaskOf(0)).Epoch;
}
