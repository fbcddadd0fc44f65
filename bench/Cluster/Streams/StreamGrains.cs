using Orleans.Streams;
using Orleans.Streams.Core;

namespace Orleans.Pipeline.Bench.Cluster.Streams;

/// <summary>What one writes on raw Orleans to take records from a stream.</summary>
public interface IStreamConsumer : IGrainWithStringKey;

/// <summary>What one writes on raw Orleans to hand a grain a record a call.</summary>
public interface IRecordGrain : IGrainWithIntegerKey
{
    Task TakeAsync(byte[] record);
}

/// <summary>Takes what comes, as many at once as Orleans gives, and counts it; nothing of that is kept.</summary>
[ImplicitStreamSubscription(Namespace)]
internal sealed class StreamConsumer(StreamProgress progress) : Grain, IStreamConsumer, IStreamSubscriptionObserver, IAsyncBatchObserver<byte[]>
{
    public const string Namespace = "records";

    public Task OnSubscribed(IStreamSubscriptionHandleFactory handleFactory) => handleFactory.Create<byte[]>().ResumeAsync(this);

    public Task OnNextAsync(IList<SequentialItem<byte[]>> items)
    {
        progress.Take(items.Count);
        return Task.CompletedTask;
    }

    public Task OnErrorAsync(Exception ex) => Task.CompletedTask;

    public Task OnCompletedAsync() => Task.CompletedTask;
}

/// <summary>Counts the records it is handed.</summary>
internal sealed class RecordGrain(StreamProgress progress) : Grain, IRecordGrain
{
    public Task TakeAsync(byte[] record)
    {
        progress.Take(1);
        return Task.CompletedTask;
    }
}
