using Orleans.Pipeline.Gateway.Limits;
using Orleans.Pipeline.Gateway.Problems;

namespace Orleans.Pipeline.Gateway.Reading.Tailing;

/// <summary>
/// Sends the records of a topic as they are appended. The next read begins only when the client has received the last one, so a slow client
/// holds at most one read in memory. That memory counts in the <see cref="BodyBudget"/>.
/// </summary>
internal sealed class TopicTail(
    ITopicLog log, TopicName topic, TailPositions positions, EventStream events, BodyBudget memory, TimeSpan heartbeat, TimeProvider time)
{
    /// <summary>The bytes of a read. A single batch may be larger.</summary>
    private const int ReadBytes = 128 << 10;

    /// <summary>The pause before a retry, while the store is unavailable or the memory for bodies is used up.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Sends records until cancelled, or until the topic or a position no longer exists.</summary>
    /// <param name="ends">Cancelled to end.</param>
    public async Task RunAsync(CancellationToken ends)
    {
        try
        {
            events.WritePositions(positions);
            await events.FlushAsync(ends);
            while (true)
            {
                await SendMoreAsync(ends);
            }
        }
        catch (PipelineException failure)
        {
            events.WriteProblem(ProblemCatalog.Of(failure));
            await events.FlushAsync(ends);
        }
    }

    private async ValueTask SendMoreAsync(CancellationToken ends)
    {
        try
        {
            var reads = await log.ReadAnyAsync(topic, positions.All, ReadBytes, heartbeat, ends);
            await SendAsync(reads, ends);
        }
        catch (Exception passing) when (passing is StoreUnavailableException or OverloadedException)
        {
            events.WriteComment($"trying again: {ProblemCatalog.Of(passing).Code}");
            await events.FlushAsync(ends);
            await Task.Delay(Pause, time, ends);
        }
    }

    private async ValueTask SendAsync(IReadOnlyList<PartitionRead> reads, CancellationToken ends)
    {
        if (reads.Count == 0)
        {
            events.WriteComment("nothing new");
        }

        using var held = memory.Hold(ReadMemory.Unpacked(reads.Batches()));
        foreach (var (partition, batches) in reads)
        {
            foreach (var batch in batches)
            {
                await SendAsync(partition, batch.Decompress(), ends);
            }
        }

        await events.FlushAsync(ends);
    }

    private async ValueTask SendAsync(int partition, RecordBatch batch, CancellationToken ends)
    {
        for (var (left, place) = (batch.Count, 0); left > 0;)
        {
            (left, place) = Write(partition, batch, left, place);
            if (left > 0)
            {
                await events.FlushAsync(ends);
            }
        }

        positions[partition] = batch.NextOffset;
    }

    /// <summary>Writes records until it is time to flush.</summary>
    /// <returns>How many are left, and where the next of them is.</returns>
    private (int Left, int Place) Write(int partition, RecordBatch batch, int left, int place)
    {
        var records = batch.GetEnumerator(left, place);
        while (!events.IsFull && records.MoveNext())
        {
            if (records.Current.Offset >= positions[partition])
            {
                positions[partition] = records.Current.Offset + 1;
                events.WriteRecord(records.Current, partition, positions);
            }
        }

        return (records.Left, records.Position);
    }
}
