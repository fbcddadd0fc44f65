using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Orleans.Pipeline.Grains.Nodes;
using Orleans.Pipeline.Tasks;

namespace Orleans.Pipeline.Cluster.Tests;

/// <summary>Silos that define different pipelines during a roll-out, over one store: none lets go of what another one needs.</summary>
public sealed class RollOutTests : IAsyncLifetime
{
    private static readonly TaskId Gone = new("gone", "events", 0);

    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UtcNow);
    private TestCluster _cluster = null!;

    public async Task InitializeAsync()
    {
        var silos = 0;
        _cluster = await TestCluster.StartAsync(
            pipelines =>
            {
                Read(pipelines, "kept");
                if (Interlocked.Increment(ref silos) == 1)
                {
                    Read(pipelines, "gone");
                }
            },
            silos: 2);
        await _cluster.Store.TakeOverAsync(Gone, new TopicPartition("events", 0), startOffset: 0);
    }

    public Task DisposeAsync() => _cluster.DisposeAsync().AsTask();

    [Fact]
    public async Task Silos_that_differ_let_go_of_nothing_until_the_last_that_defines_it_has_left()
    {
        var (with, without) = (SiloWith("gone"), SiloWithout("gone"));
        var engine = without.GetRequiredService<IPipelineEngine>();
        var stages = StagesOf(without.GetRequiredService<ClusterDefinitions>().ReadAsync);

        await LookForAsync(stages, TimeSpan.FromDays(5));
        Assert.Empty(await engine.ListUndefinedAsync());
        var refused = await Assert.ThrowsAsync<PipelineDefinedException>(() => engine.ForgetAsync("gone").AsTask());
        Assert.Contains("'gone' stay: a host that runs defines it", refused.Message, StringComparison.Ordinal);
        Assert.Equal(["gone", "kept"], await engine.ListUsersAsync("events"));
        Assert.Equal(["gone"], await engine.ListUsersAsync("gone.dead-letters"));
        Assert.Contains(Gone, await ListTasksAsync());

        await _cluster.Silos.StopSiloAsync(with);

        Assert.Equal("gone", Assert.Single(await engine.ForgetAsync("gone")).Pipeline);
        Assert.DoesNotContain(Gone, await ListTasksAsync());
        Assert.Empty(await engine.ListUsersAsync("gone.dead-letters"));
    }

    [Fact]
    public async Task While_a_silo_does_not_say_what_it_defines_nothing_is_let_go_of()
    {
        var stages = StagesOf((_, _) => new(new Definitions(DefinedStage.Of(CatalogOf("kept")), silent: ["silo-old"])));

        await LookForAsync(stages, TimeSpan.FromDays(5));

        Assert.Empty(await stages.ListAsync(default));
        var refused = await Assert.ThrowsAsync<PipelineDefinedException>(() => stages.ForgetAsync("gone", null, default).AsTask());
        Assert.Contains("'silo-old' does not say what it defines", refused.Message, StringComparison.Ordinal);
        Assert.Contains(Gone, await ListTasksAsync());
    }

    [Fact]
    public void While_a_silo_does_not_say_what_it_defines_no_topic_counts_as_unused()
    {
        var definitions = new Definitions(DefinedStage.Of(CatalogOf("kept")), silent: ["silo-old"]);

        Assert.Equal(["kept"], definitions.UsersOf("kept.copies"));
        var refused = Assert.Throws<TopicInUseException>(() => definitions.UsersOf("gone.copies"));
        Assert.Contains("A pipeline of 'silo-old', which does not say what it defines, may use topic 'gone.copies'", refused.Message);
    }

    private static PipelineCatalog Read(PipelineCatalog pipelines, string name) =>
        pipelines.Add(name, pipeline => pipeline.From("events", partitions: 1).To(Sink.Topic($"{name}.copies", partitions: 1)));

    private static PipelineCatalog CatalogOf(string name) => Read(new PipelineCatalog(), name);

    private IServiceProvider SiloWithout(string pipeline) => _cluster.Silos.Silos.Select(silo => silo.ServiceProvider)
        .Single(silo => silo.GetRequiredService<PipelineCatalog>().Find(pipeline) is null);

    private TestingHost.InProcessSiloHandle SiloWith(string pipeline) => _cluster.Silos.Silos
        .Single(silo => silo.ServiceProvider.GetRequiredService<PipelineCatalog>().Find(pipeline) is not null);

    private UndefinedStages StagesOf(Func<bool, CancellationToken, ValueTask<Definitions>> read) => new(new UndefinedStages.Source
    {
        Catalog = CatalogOf("kept"),
        Log = _cluster.Store,
        Checkpoints = _cluster.Store,
        ReadDefinitions = read,
        ForgetAfter = TimeSpan.FromDays(1),
        TimeProvider = _clock,
        Logger = NullLogger.Instance,
    });

    private async Task LookForAsync(UndefinedStages stages, TimeSpan time)
    {
        for (var step = 0; step < 10; step++)
        {
            _clock.Advance(time / 10);
            await stages.LookAsync(isMyTurn: true, default);
        }
    }

    private async Task<IEnumerable<TaskId>> ListTasksAsync() => (await _cluster.Store.ListAsync()).Select(checkpoint => checkpoint.Task);
}
