using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Orleans.Pipeline.Grains.Assignments;
using Orleans.Pipeline.Grains.Checkpoints;
using Orleans.Pipeline.Grains.Nodes;
using Orleans.Pipeline.Grains.Pipelines;
using Orleans.Pipeline.Grains.Sources;
using Orleans.Pipeline.Grains.Streams;
using Orleans.Pipeline.Grains.Tasks;
using Orleans.Pipeline.Grains.Workers;
using Orleans.Pipeline.Hosting;
using Orleans.Pipeline.Tasks;
using Orleans.Runtime.Hosting;
using Orleans.Runtime.Providers;
using Orleans.Serialization;
using Orleans.Streams;

namespace Orleans.Pipeline.Grains;

/// <summary>Adds pipelines to a silo.</summary>
public static class PipelineSiloBuilderExtensions
{
    /// <summary>
    /// Runs pipelines on the cluster. Registers <see cref="ITopicLog"/>, <see cref="IPipelineEngine"/>, and the stream provider
    /// <see cref="PipelineStreams.Provider"/>. The <see cref="ITopicLog"/> pushes appends back while the lag is over its limit. The host
    /// must register the <see cref="ITopicStore"/> and <see cref="ICheckpointStore"/> that all silos share, and a grain storage named
    /// <c>PubSubStore</c> for the subscriptions of its own grains.
    /// </summary>
    /// <param name="silo">The silo.</param>
    /// <param name="define">Adds the pipelines: the same ones on every silo.</param>
    /// <param name="settings">The settings; null for the defaults.</param>
    /// <exception cref="InvalidPipelineException">A definition cannot work; the message says what to change.</exception>
    public static ISiloBuilder AddPipelines(this ISiloBuilder silo, Action<PipelineCatalog> define, ClusterSettings? settings = null)
    {
        ArgumentNullException.ThrowIfNull(silo);
        ArgumentNullException.ThrowIfNull(define);
        settings ??= new ClusterSettings();
        settings.Validate();
        var catalog = new PipelineCatalog();
        define(catalog);

        silo.ConfigureServices(services => services.AddPipelineServices(catalog, settings));
        silo.AddTopicStreams(PipelineStreams.Provider);
        return silo;
    }

    private static void AddPipelineServices(this IServiceCollection services, PipelineCatalog catalog, ClusterSettings settings)
    {
        services.AddPipelineCore();
        services.AddSingleton(catalog);
        services.AddSingleton(settings);
        services.AddSingleton<ClusterTopics>();
        services.AddSingleton<ClusterAssignment>();
        services.AddSingleton<StagePrograms>();
        services.AddSingleton<StreamValues>();
        services.AddSingleton<IIncomingGrainCallFilter, StreamErrors>();
        services.AddSingleton<WorkerSlots>();
        services.AddSingleton(PartitionServices.Of);
        services.AddSingleton<LocalPartitions>();
        services.AddSingleton<TaskKeeper>();
        services.AddSingleton(provider => new ProcessLoad(provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton(OrleansVersion.Loaded);
        services.AddSingleton<ITypeConverter, WireNames>();
        services.AddSingleton<VersionWatch>();
        services.AddSingleton<ClusterNodes>();
        services.AddSingleton<ClusterDefinitions>();
        services.AddSingleton(UndefinedStagesOf);
        services.AddSingleton<ClusterEngine>();
        services.AddSingleton<IPipelineEngine>(provider => provider.GetRequiredService<ClusterEngine>());
        services.AddSingleton<ITopicAppender, LogAppender>();
        services.AddSingleton<StreamPositions>();
        services.AddKeyedSingleton<IStreamIdMapper, StreamSourceMapper>(StreamSourceMapper.Name);
        services.Configure<ExceptionSerializationOptions>(
            options => options.SupportedNamespacePrefixes.Add(typeof(PipelineException).Namespace!));
        services.AddGrainDirectory(
            PartitionDirectory.Name, static (provider, _) => ActivatorUtilities.CreateInstance<PartitionDirectory>(provider));
        services.AddPlacementDirector<PartitionPlacement, PartitionPlacementDirector>();
        services.AddPlacementDirector<NodePlacement, NodePlacementDirector>();
        services.AddGrainStorage(
            CheckpointGrainStorage.Name, static (provider, _) => ActivatorUtilities.CreateInstance<CheckpointGrainStorage>(provider));
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, PipelineLifecycle>();
    }

    private static UndefinedStages UndefinedStagesOf(IServiceProvider services) => new(new UndefinedStages.Source
    {
        Catalog = services.GetRequiredService<PipelineCatalog>(),
        Log = services.GetRequiredService<ITopicStore>(),
        Checkpoints = services.GetRequiredService<ICheckpointStore>(),
        ReadDefinitions = services.GetRequiredService<ClusterDefinitions>().ReadAsync,
        ForgetAfter = services.GetRequiredService<ClusterSettings>().ForgetAfter,
        TimeProvider = services.GetRequiredService<TimeProvider>(),
        Logger = services.GetRequiredService<ILogger<UndefinedStages>>(),
    });

    private static void AddTopicStreams(this ISiloBuilder silo, string name)
    {
        silo.ConfigureServices(services =>
        {
            services.AddKeyedSingleton(name, static (provider, _) => new PartitionQueues(provider.GetRequiredService<ClusterTopics>()));
            services.AddKeyedSingleton(name, static (provider, _) => Readers(provider));
            services.AddKeyedSingleton<IMessageDeliveryBackoffProvider>(name, static (_, _) => new ShortBackoff());
            services.AddKeyedSingleton<IQueueReaderBackoffProvider>(name, static (_, _) => new ShortBackoff());
        });
        silo.AddPersistentStreams(name, static (provider, provided) => new TopicStreamFactory(provided, provider), streams =>
        {
            streams.ConfigureStreamPubSub(StreamPubSubType.ExplicitGrainBasedAndImplicit);
            streams.ConfigureLifecycle(options => options.Configure(lifecycle => lifecycle.StartStage = PipelineLifecycle.StreamsStage));
            streams.ConfigurePartitionBalancing((provider, provided) => ActivatorUtilities.CreateInstance<PartitionBalancer>(
                provider, provider.GetRequiredKeyedService<PartitionReaders>(provided)));
            streams.ConfigurePullingAgent(options => options.Configure(agent =>
            {
                agent.StreamInactivityPeriod = TimeSpan.FromDays(3650);
                agent.MaxEventDeliveryTime = Timeout.InfiniteTimeSpan;
            }));
        });
    }

    private static PartitionReaders Readers(IServiceProvider provider)
    {
        var context = new ReaderContext(
            provider.GetRequiredService<ITopicStore>(),
            provider.GetRequiredService<StreamValues>(),
            provider.GetRequiredService<TimeProvider>());
        return new PartitionReaders(queue => new PartitionReader(context, PartitionQueues.PartitionOf(queue)));
    }
}
