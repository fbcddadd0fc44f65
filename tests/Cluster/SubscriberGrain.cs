using Orleans.Pipeline.Grains;
using Orleans.Providers.Streams.Common;
using Orleans.Streams;

namespace Orleans.Pipeline.Cluster.Tests;

/// <summary>A grain of a user's that subscribes to a partition. The key is the partition.</summary>
[Alias("test.subscriber")]
public interface ISubscriberGrain : IGrainWithIntegerKey
{
    /// <summary>Subscribes, or continues from another offset.</summary>
    [Alias("read-from")]
    Task ReadFromAsync(long offset);

    /// <summary>Waits for as many numbers as asked for, since the last call of <see cref="ReadFromAsync"/>.</summary>
    [Alias("take")]
    Task<List<int>> TakeAsync(int count);

    /// <summary>Waits for as many errors as asked for, and gives the messages of all.</summary>
    [Alias("take-errors")]
    Task<List<string>> TakeErrorsAsync(int count);
}

/// <inheritdoc cref="ISubscriberGrain" />
[Orleans.Concurrency.Reentrant]
public sealed class SubscriberGrain : Grain, ISubscriberGrain
{
    private readonly List<int> _received = [];
    private readonly List<string> _errors = [];
    private StreamSubscriptionHandle<int>? _handle;
    private TaskCompletionSource _more = new();

    /// <inheritdoc />
    public async Task ReadFromAsync(long offset)
    {
        _received.Clear();
        var token = new EventSequenceTokenV2(offset);
        var stream = this.GetStreamProvider(PipelineStreams.Provider).GetStream<int>(PipelineStreams.Partition(
            Numbers.Source,
            (int)this.GetPrimaryKeyLong()));
        _handle = _handle is null ? await stream.SubscribeAsync(TakeInAsync, TakeErrorAsync, token)
            : await _handle.ResumeAsync(TakeInAsync, TakeErrorAsync, token);
    }

    /// <inheritdoc />
    public async Task<List<int>> TakeAsync(int count)
    {
        while (_received.Count < count)
        {
            await _more.Task;
        }

        return _received[..count];
    }

    /// <inheritdoc />
    public async Task<List<string>> TakeErrorsAsync(int count)
    {
        while (_errors.Count < count)
        {
            await _more.Task;
        }

        return _errors;
    }

    private Task TakeErrorAsync(Exception error)
    {
        _errors.Add(error.Message);
        return WakeAsync();
    }

    private Task TakeInAsync(int number, StreamSequenceToken? token)
    {
        _received.Add(number);
        return WakeAsync();
    }

    private Task WakeAsync()
    {
        var taken = _more;
        _more = new TaskCompletionSource();
        taken.SetResult();
        return Task.CompletedTask;
    }
}
