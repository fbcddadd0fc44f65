using Orleans.Pipeline.Grains;

namespace Orleans.Pipeline.Cluster.Tests;

/// <summary>What happens to tasks when silos come and go, under load.</summary>
public sealed class SiloChangeTests : IAsyncLifetime
{
    private const int Batch = 500;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private TestCluster _cluster = null!;

    public async Task InitializeAsync() => _cluster = await TestCluster.StartAsync(Numbers.Define);

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [Fact]
    public async Task Partitions_are_spread_evenly_over_the_silos()
    {
        await Numbers.AppendAsync(_cluster.Store, 0, Batch);
        await Numbers.WhenCommittedAsync(_cluster, Batch);

        await AssertSpreadAsync(2, 3, 3);
    }

    [Fact]
    public async Task A_silo_that_stops_hands_its_partitions_over_and_nothing_is_lost_or_doubled()
    {
        await ChangeUnderLoadAsync(() => _cluster.Silos.StopSiloAsync(_cluster.Silos.Silos[1]));

        await AssertSpreadAsync(4, 4);
    }

    [Fact]
    public async Task A_silo_that_is_killed_is_replaced_and_nothing_is_lost_or_doubled()
    {
        var killed = _cluster.Silos.Silos[1].Name;
        await ChangeUnderLoadAsync(async () =>
        {
            await _cluster.Silos.KillSiloAsync(_cluster.Silos.Silos[1]);
            Assert.DoesNotContain(await _cluster.Engine.ListNodesAsync(), node => node.Name == killed && node.State == NodeState.Active);
        });

        Assert.Equal(2, (await _cluster.Engine.ListNodesAsync()).Count(node => node is { State: NodeState.Active, Load.Partitions: > 0 }));
        await AssertSpreadAsync(4, 4);
    }

    [Fact]
    public async Task A_silo_that_joins_takes_its_share_and_nothing_is_lost_or_doubled()
    {
        await ChangeUnderLoadAsync(() => _cluster.Silos.StartAdditionalSiloAsync());

        await AssertSpreadAsync(2, 2, 2, 2);
    }

    /// <summary>
    /// Caches of Orleans name the former owner of a task for a while; a call that reaches it must not bring the task back.
    /// </summary>
    [Fact]
    public async Task A_task_that_moves_is_taken_over_once_though_it_is_called_all_the_while()
    {
        await AssertSpreadAsync(2, 3, 3);
        for (var joined = 4; joined <= 6; joined++)
        {
            var before = await ReportsAsync();
            var joining = _cluster.Silos.StartAdditionalSiloAsync();
            while (!joining.IsCompleted || (await ReportsAsync()).DistinctBy(report => report.Status.Node).Count() < joined)
            {
                await ReportsAsync();
            }

            await joining;
            var after = await ReportsAsync();
            Assert.All(before.Zip(after), task => Assert.Equal(
                task.First.Status.Epoch + (task.First.Status.Node == task.Second.Status.Node ? 0 : 1),
                task.Second.Status.Epoch));
        }
    }

    [Fact]
    public async Task Two_clusters_over_one_store_own_every_task_twice_and_nothing_is_lost_or_doubled()
    {
        await using var rival = await _cluster.StartRivalAsync();
        await ChangeUnderLoadAsync(() => Task.CompletedTask);
    }

    private async Task ChangeUnderLoadAsync(Func<Task> change)
    {
        const int Batches = 60;
        for (var batch = 0; batch < Batches / 3; batch++)
        {
            await Numbers.AppendAsync(_cluster.Store, batch * Batch, Batch);
        }

        var changing = change();
        for (var batch = Batches / 3; batch < Batches; batch++)
        {
            await Numbers.AppendAsync(_cluster.Store, batch * Batch, Batch);
        }

        await changing;
        await Numbers.WhenCommittedAsync(_cluster, Batches * Batch);
        await Numbers.AssertCopiedAsync(_cluster.Store, Batches * Batch);
    }

    /// <summary>Asks the tasks until they are spread so: silos learn of a new one in turn.</summary>
    private async Task AssertSpreadAsync(params int[] expected)
    {
        using var patience = new CancellationTokenSource(Patience);
        int[] spread;
        do
        {
            spread = await SpreadAsync();
        }
        while (!spread.SequenceEqual(expected) && !patience.IsCancellationRequested);

        Assert.Equal(expected, spread);
    }

    private Task<TaskReport[]> ReportsAsync() => Task.WhenAll(Enumerable.Range(0, Numbers.Partitions).Select(
        partition => _cluster.Silos.Client.GetGrain<IPartitionGrain>(Numbers.TaskOf(partition).ToString()).ReportAsync()));

    /// <summary>
    /// How many tasks each silo has, the fewest first. The tasks say it: the directory that Orleans shows may be out of date.
    /// </summary>
    private async Task<int[]> SpreadAsync()
    {
        var reports = await ReportsAsync();
        return [.. reports.GroupBy(report => report.Status.Node).Select(owned => owned.Count()).Order()];
    }
}
