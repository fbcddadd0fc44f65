using System.Diagnostics;
using Orleans.Pipeline.Client;

namespace Orleans.Pipeline.Cli.Benching;

/// <summary>What a bench sends: so many records, or for so long; of a size; at a rate, or as fast as it goes.</summary>
/// <param name="Records">How many records; null until <paramref name="Duration"/> is over.</param>
/// <param name="Duration">For how long; null until <paramref name="Records"/> are sent.</param>
/// <param name="RecordBytes">The bytes of each value.</param>
/// <param name="Rate">Records per second; null for as fast as it goes.</param>
internal sealed record BenchLoad(long? Records, TimeSpan? Duration, int RecordBytes, long? Rate)
{
    private const int Seed = 42;
    private const int SampleEvery = 64;
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(5);

    /// <summary>Sends them, and waits until they are acknowledged.</summary>
    /// <param name="producer">The producer.</param>
    /// <param name="latencies">Takes the time from send to acknowledgement of one in a few records.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    /// <returns>How many were sent.</returns>
    public async Task<long> SendAsync(Producer producer, LatencySamples latencies, CancellationToken cancellationToken)
    {
        var value = new byte[RecordBytes];
        new Random(Seed).NextBytes(value);
        var start = Stopwatch.GetTimestamp();
        var sampled = new List<Task>();
        var sent = 0L;
        using var timer = new PeriodicTimer(Tick);
        while (!cancellationToken.IsCancellationRequested
            && sent < (Records ?? long.MaxValue)
            && (Duration is null || Stopwatch.GetElapsedTime(start) < Duration))
        {
            if (sent >= Rate * Stopwatch.GetElapsedTime(start).TotalSeconds)
            {
                await timer.WaitForNextTickAsync(cancellationToken);
                continue;
            }

            if (sent % SampleEvery == 0)
            {
                sampled.Add(MeasureAsync(producer, value, latencies));
            }
            else
            {
                await producer.EnqueueAsync(default, value, cancellationToken);
            }

            sent++;
        }

        await producer.FlushAsync(cancellationToken);
        await Task.WhenAll(sampled);
        return sent;
    }

    private static async Task MeasureAsync(Producer producer, byte[] value, LatencySamples latencies)
    {
        var start = Stopwatch.GetTimestamp();
        await producer.SendAsync(default, value);
        latencies.Add(Stopwatch.GetElapsedTime(start));
    }
}
