using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Pipeline.FlowControl;
using Orleans.Pipeline.Operations;

namespace Orleans.Pipeline.Hosting;

/// <summary>Adds the services that engines and gateways share. The order in which those are added does not matter.</summary>
internal static class PipelineCoreServices
{
    /// <summary>
    /// Adds the clock, admission, <see cref="ITopicLog"/> and <see cref="DeadLetterOperations"/>, each unless it was added before. They use
    /// the host's <see cref="ITopicStore"/> and, if there is one, its <see cref="IPipelineEngine"/>.
    /// </summary>
    public static IServiceCollection AddPipelineCore(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(provider => new TopicAdmission(
            provider.GetRequiredService<ITopicStore>(), EngineOf(provider).GetLagAsync, provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton(provider => new AdmittingTopicLog(
            provider.GetRequiredService<ITopicStore>(), provider.GetRequiredService<TopicAdmission>()));
        services.TryAddSingleton<ITopicLog>(provider => provider.GetRequiredService<AdmittingTopicLog>());
        services.TryAddSingleton(provider => new DeadLetterOperations(provider.GetRequiredService<ITopicStore>(), EngineOf(provider)));
        return services;
    }

    /// <summary>Adds a store that the host opens when it starts, by <see cref="DeferredStore{TStore}.OpenAsync"/>.</summary>
    public static IServiceCollection AddDeferredStore<TStore>(
        this IServiceCollection services, Func<IServiceProvider, CancellationToken, ValueTask<TStore>> open)
        where TStore : class, ITopicStore, ICheckpointStore, IAsyncDisposable
    {
        services.AddSingleton(provider => new DeferredStore<TStore>(cancellationToken => open(provider, cancellationToken)));
        services.AddSingleton<ITopicStore>(provider => provider.GetRequiredService<DeferredStore<TStore>>());
        services.AddSingleton<ICheckpointStore>(provider => provider.GetRequiredService<DeferredStore<TStore>>());
        return services;
    }

    private static IPipelineEngine EngineOf(IServiceProvider provider) => provider.GetService<IPipelineEngine>() ?? new NoPipelines();
}
