using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Pipeline.Contracts;
using Orleans.Pipeline.Grains;
using Orleans.Pipeline.Storage.Sqlite;
using Orleans.TestingHost;

namespace Orleans.Pipeline.Cluster.Tests;

/// <summary>Silos of a real Orleans cluster in this process, over one store on a real SQLite file, which outlives them.</summary>
public sealed class TestCluster : IEngineUnderTest
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cluster-").FullName;
    private readonly Action<PipelineCatalog> _define;
    private readonly short _silos;
    private readonly Action<ISiloBuilder> _configureSilo;
    private readonly Action<IClientBuilder> _configureClient;

    private TestCluster(
        Action<PipelineCatalog> define, short silos, Action<ISiloBuilder>? configureSilo, Action<IClientBuilder>? configureClient) =>
        (_define, _silos, _configureSilo, _configureClient) = (define, silos, configureSilo ?? (_ => { }), configureClient ?? (_ => { }));

    public SqliteStore Store { get; private set; } = null!;

    /// <summary>The path of the store's file.</summary>
    public string Database => Path.Combine(_folder, "cluster.db");

    public InProcessTestCluster Silos { get; private set; } = null!;

    public IPipelineEngine Engine => Silos.Silos[0].ServiceProvider.GetRequiredService<IPipelineEngine>();

    public ITopicLog Topics => Store;

    public DeadLetterOperations DeadLetters => Silos.Silos[1].ServiceProvider.GetRequiredService<DeadLetterOperations>();

    public static async Task<TestCluster> StartAsync(
        Action<PipelineCatalog> define,
        short silos = 3,
        Action<ISiloBuilder>? configureSilo = null,
        Action<IClientBuilder>? configureClient = null)
    {
        var cluster = new TestCluster(define, silos, configureSilo, configureClient);
        cluster.Store = await SqliteStore.OpenAsync(new SqliteStoreSettings { Path = cluster.Database });
        try
        {
            await cluster.StartAsync();
            return cluster;
        }
        catch
        {
            await cluster.ForgetAsync();
            throw;
        }
    }

    /// <summary>Starts another cluster that knows nothing of this one over the same store.</summary>
    /// <param name="define">Its pipelines; null for the same.</param>
    public Task<InProcessTestCluster> StartRivalAsync(Action<PipelineCatalog>? define = null) => DeployAsync(silos: 1, define ?? _define);

    public Task WhenCommittedAsync(TaskId task, long offset) => WhenCommittedAsync(Silos, task, offset);

    /// <summary>Waits until a cluster, this one or a rival, has committed a task's records before an offset.</summary>
    public static async Task WhenCommittedAsync(InProcessTestCluster cluster, TaskId task, long offset)
    {
        while (!await cluster.Client.GetGrain<IPartitionGrain>(task.ToString()).WhenCommittedAsync(offset))
        {
        }
    }

    public async Task RestartAsync()
    {
        await Silos.DisposeAsync();
        await StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Silos.DisposeAsync();
        await ForgetAsync();
    }

    private async Task ForgetAsync()
    {
        await Store.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task StartAsync() => Silos = await DeployAsync(_silos, _define);

    private async Task<InProcessTestCluster> DeployAsync(short silos, Action<PipelineCatalog> define)
    {
        var builder = new InProcessTestClusterBuilder(silos);
        builder.Options.ConfigureFileLogging = false;
        builder.ConfigureSilo((_, silo) =>
        {
            silo.Services.AddSingleton<ITopicStore>(Store);
            silo.Services.AddSingleton<ICheckpointStore>(Store);
            silo.AddMemoryGrainStorage("PubSubStore");
            silo.AddPipelines(define);
            silo.Configure<ClusterMembershipOptions>(membership =>
            {
                membership.ProbeTimeout = TimeSpan.FromSeconds(1);
                membership.NumMissedProbesLimit = 2;
            });
            _configureSilo(silo);
            silo.Services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Warning).AddConsole());
        });
        builder.ConfigureClient(client =>
        {
            client.AddPipelineStreams();
            _configureClient(client);
        });
        var cluster = builder.Build();
        await cluster.DeployAsync();
        return cluster;
    }
}
