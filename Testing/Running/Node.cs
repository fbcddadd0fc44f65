using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Pipeline.Tasks;
using Orleans.Pipeline.Testing.Calls;

namespace Orleans.Pipeline.Testing.Running;

/// <summary>
/// A process that runs pipelines. Each has definitions, steps and services of its own, so that nothing in its memory outlives it.
/// </summary>
internal sealed class Node
{
    private readonly ServiceProvider _services;
    private readonly Dictionary<TaskId, TaskRunner> _runners;

    private Node(PipelineCatalog catalog, ServiceProvider services, Dictionary<TaskId, TaskRunner> runners)
    {
        Catalog = catalog;
        _services = services;
        _runners = runners;
    }

    public PipelineCatalog Catalog { get; }

    public IServiceProvider Services => _services;

    /// <summary>Starts a process, which creates missing topics and tables. None of its tasks runs yet.</summary>
    /// <param name="setup">What the process is made of.</param>
    /// <param name="world">The world that it comes into.</param>
    /// <param name="gate">Where its calls pass.</param>
    /// <param name="commitBytes">
    /// The bytes at which a commit is due, so that what was delivered together comes again in parts; null as the profiles say.
    /// </param>
    public static async Task<Node> StartAsync(Setup setup, World world, CallGate gate, int? commitBytes)
    {
        var catalog = setup.MakeCatalog();
        var services = setup.MakeServices(world.Clock);
        var topics = await PipelineResources.PrepareAsync(catalog.Pipelines, world.Store, world.Store);
        var stages = new StageRunners
        {
            Catalog = catalog,
            Services = services,
            Topics = topics,
            LogOf = task => new GatedLog(world.Store, task, gate),
            Checkpoints = new GatedCheckpoints(world.Store, gate),
            ReadAheadBytes = 256L << 20,
            Node = "test",
            Logger = services.GetRequiredService<ILoggerFactory>().CreateLogger("Orleans.Pipeline.Testing"),
            TimeProvider = world.EngineClock,
            StepTime = world.Clock,
            Random = world.Random,
            Scheduler = world.Scheduler,
            Probe = new GatedSinks(gate),
            CommitBytes = commitBytes,
        };
        var workers = new GatedWorkers(stages.ProgramOf, gate);
        var runners = catalog.Pipelines
            .SelectMany(pipeline => pipeline.Stages.SelectMany(stage => stages.Make(pipeline, stage, workers)))
            .ToDictionary(runner => runner.Id);
        return new Node(catalog, services, runners);
    }

    public TaskRunner RunnerOf(TaskId task) => _runners[task];

    public IEnumerable<TaskRunner> RunnersOf(PipelineDefinition pipeline) =>
        _runners.Values.Where(runner => runner.Id.Pipeline == pipeline.Name);

    public ValueTask StopAsync() => _services.DisposeAsync();
}
