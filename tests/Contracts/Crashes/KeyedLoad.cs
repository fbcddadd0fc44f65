using System.Collections.Concurrent;
using Orleans.Pipeline.Client;
using Orleans.Pipeline.Numbers;

namespace Orleans.Pipeline.Contracts;

/// <summary>
/// Sends the numbers 0, 1, 2 … of several keys, in turn, until it is stopped, and keeps book of what became of each: acknowledged,
/// certainly not sent, or uncertain.
/// </summary>
public sealed class KeyedLoad(PipelineClient client, string prefix, int keys, int window, ProducerSettings settings)
{
    private readonly string[] _keys = [.. Enumerable.Range(0, keys).Select(key => $"{prefix}-{key}")];
    private readonly ConcurrentBag<Exception> _faults = [];
    private readonly Lock _sync = new();
    private long _acknowledged;
    private long _awaited = long.MaxValue;
    private TaskCompletionSource _reached = new();
    private int _refused;

    /// <summary>The numbers of each key that were acknowledged, and where they are in the log.</summary>
    public ConcurrentDictionary<(string Key, int Number), SendResult> Acknowledged { get; } = [];

    /// <summary>The numbers of each key that were not acknowledged, but may be in the log.</summary>
    public ConcurrentDictionary<(string Key, int Number), bool> Uncertain { get; } = [];

    /// <summary>How many were neither.</summary>
    public int Refused => _refused;

    /// <summary>
    /// Waits until so many more were acknowledged; one may wait at a time. What follows runs at once, on the thread that took the
    /// acknowledgement.
    /// </summary>
    public Task WhenAcknowledgedAsync(int more)
    {
        lock (_sync)
        {
            _awaited = _acknowledged + more;
            _reached = new();
            return _reached.Task;
        }
    }

    /// <summary>Sends until stopped, then until every send has succeeded or failed.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var slots = new SemaphoreSlim(window, window);
        await using (var producer = client.CreateProducer(NumbersPipeline.Source, settings))
        {
            for (var number = 0; !stop.IsCancellationRequested; number++)
            {
                foreach (var key in _keys)
                {
                    await slots.WaitAsync(CancellationToken.None);
                    _ = TrackAsync(producer, key, number, slots);
                }
            }

            for (var slot = 0; slot < window; slot++)
            {
                await slots.WaitAsync(CancellationToken.None);
            }
        }

        if (!_faults.IsEmpty)
        {
            throw new AggregateException("Sends failed as they should not.", _faults);
        }
    }

    private async Task TrackAsync(Producer producer, string key, int number, SemaphoreSlim slots)
    {
        try
        {
            Acknowledged[(key, number)] = await producer.SendAsync(key, new Numbered(key, number).ToJson());
            CountAcknowledged();
        }
        catch (DeliveryException failure)
        {
            if (failure.MayHaveBeenAppended)
            {
                Uncertain[(key, number)] = true;
            }
            else
            {
                Interlocked.Increment(ref _refused);
            }
        }
        catch (Exception fault)
        {
            _faults.Add(fault);
        }
        finally
        {
            slots.Release();
        }
    }

    private void CountAcknowledged()
    {
        bool isReached;
        lock (_sync)
        {
            isReached = ++_acknowledged == _awaited;
        }

        if (isReached)
        {
            _reached.TrySetResult();
        }
    }
}
