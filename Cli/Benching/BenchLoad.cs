using System.Diagnostics;
using Orleans.Pipeline.Client;

namespace Orleans.Pipeline.Cli.Benching;

/// <summary>The load of a bench: a number of records or a duration, a size, and a rate.</summary>
/// <param name="Records">The number of records; null to send for <paramref name="Duration"/>.</param>
/// <param name="Duration">How long to send; null to send <paramref name="Records"/>.</param>
/// <param name="RecordBytes">The bytes of each value.</param>
/// <param name="Rate">Records per second; null for as fast as possible.</param>
internal sealed record BenchLoad(long? Records, TimeSpan? Duration, int RecordBytes, long? Rate)
{
    private const int Seed = 42;
    private const int SampleEvery = 64;
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(5);

    /// <summary>Sends the records and waits until they are acknowledged.</summary>
    /// <param name="producer">The producer.</param>
    /// <param name="latencies">Receives the time from send to acknowledgement of every 64th record.</param>
    /// <param name="cancellationToken">Stops sending early.</param>
    /// <returns>The number of records sent.</returns>
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
