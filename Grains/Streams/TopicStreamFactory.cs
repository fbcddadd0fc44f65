using Microsoft.Extensions.DependencyInjection;
using Orleans.Streams;

namespace Orleans.Pipeline.Grains.Streams;

/// <summary>What Orleans asks of a stream provider over the log.</summary>
internal sealed class TopicStreamFactory(string name, IServiceProvider services) : IQueueAdapterFactory
{
    public Task<IQueueAdapter> CreateAdapter() => Task.FromResult<IQueueAdapter>(new TopicStreamAdapter(
        name,
        services.GetRequiredService<ITopicAppender>(),
        services.GetRequiredService<StreamValues>(),
        queue => Readers.ReaderOf(queue)));

    public IQueueAdapterCache GetQueueAdapterCache() => Readers;

    public IStreamQueueMapper GetStreamQueueMapper() => services.GetRequiredKeyedService<PartitionQueues>(name);

    public Task<IStreamFailureHandler> GetDeliveryFailureHandler(QueueId queueId) => Task.FromResult<IStreamFailureHandler>(new NoOpStreamDeliveryFailureHandler());

    private PartitionReaders Readers => services.GetRequiredKeyedService<PartitionReaders>(name);
}
