using Orleans.Streams;
using Orleans.Streams.Core;

namespace Orleans.Pipeline.Bench.Cluster.Streams;

/// <summary>A raw Orleans grain that receives records from a stream.</summary>
public interface IStreamConsumer : IGrainWithStringKey;

/// <summary>A raw Orleans grain that receives one record per call.</summary>
public interface IRecordGrain : IGrainWithIntegerKey
{
    Task TakeAsync(byte[] record);
}

/// <summary>Counts the records of each delivery and keeps none.</summary>
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

/// <summary>Counts the records of its calls.</summary>
internal sealed class RecordGrain(StreamProgress progress) : Grain, IRecordGrain
{
    public Task TakeAsync(byte[] record)
    {
        progress.Take(1);
        return Task.CompletedTask;
    }
}
