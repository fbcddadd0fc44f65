using Microsoft.Extensions.DependencyInjection;
using Orleans.Streams;
using Orleans.Streams.Core;

namespace Orleans.Pipeline.Grains.Sources;

/// <summary>Copies the events of one stream into a topic. The key is <c>namespace/key</c>.</summary>
[Alias("pipeline.stream-source")]
internal interface IStreamSourceGrain : IGrainWithStringKey;

/// <summary>
/// Attaches to the streams that pipelines read. A stream's first event activates the grain. A stream of the same namespace at another
/// provider is ignored.
/// </summary>
[StreamSources]
internal sealed class StreamSourceGrain(
    PipelineCatalog catalog, IServiceProvider services) : Grain, IStreamSourceGrain, IStreamSubscriptionObserver
{
    public Task OnSubscribed(IStreamSubscriptionHandleFactory handleFactory)
    {
        var sources = catalog.StreamSources.Where(source => source.Namespace == handleFactory.StreamId.GetNamespace()).ToList();
        if (sources.Count == 0)
        {
            throw new InvalidOperationException(
                $"No pipeline of this silo reads stream '{handleFactory.StreamId}'. Define the same pipelines on every silo.");
        }

        var source = sources.Find(source => source.Provider == handleFactory.ProviderName);
        return source?.Accept(new Attachment(this, handleFactory, services)) ?? Task.CompletedTask;
    }

    private sealed class Attachment(
        StreamSourceGrain grain, IStreamSubscriptionHandleFactory handles, IServiceProvider services) : IStreamSourceVisitor<Task>
    {
        public Task Visit<T>(StreamSource<T> source) =>
            handles.Create<T>().ResumeAsync(ActivatorUtilities.CreateInstance<StreamFeed<T>>(
                services,
                source,
                handles.StreamId,
                services.GetRequiredKeyedService<IStreamProvider>(source.Provider).IsRewindable,
                (Action)grain.DeactivateOnIdle));
    }
}
