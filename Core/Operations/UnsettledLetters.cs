using Orleans.Pipeline.DeadLetters;

namespace Orleans.Pipeline.Operations;

/// <summary>Reads the unsettled dead letters of a partition, some batches at a time.</summary>
internal sealed class UnsettledLetters(ITopicStore store, string pipeline, TopicPartition partition)
{
    private const int ReadBytes = 1 << 20;
    private const int RangesAtOnce = 1000;

    /// <summary>Reads the next dead letters from an offset on.</summary>
    /// <param name="offset">The offset, below <paramref name="end"/>.</param>
    /// <param name="end">Where to stop; not above the partition's end.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async ValueTask<LetterChunk> ReadAsync(long offset, long end, CancellationToken cancellationToken)
    {
        var settled = await store.ListSettledAsync(partition, offset, RangesAtOnce, cancellationToken);
        if (settled.Count > 0 && settled[0].First <= offset)
        {
            return new([], settled[0].Next);
        }

        IReadOnlyList<RecordBatch> batches;
        try
        {
            batches = await store.ReadAsync(partition, offset, ReadBytes, TimeSpan.Zero, cancellationToken);
        }
        catch (OffsetOutOfRangeException removed) when (removed.Start > offset)
        {
            return new([], removed.Start);
        }

        if (batches.Count == 0)
        {
            return new([], end); // The topic was deleted and created again meanwhile.
        }

        // Records behind the last listed range may be settled too.
        var known = settled.Count == RangesAtOnce ? settled[^1].Next : long.MaxValue;
        var next = Math.Min(Math.Min(batches[^1].NextOffset, end), known);
        return new(LettersOf(batches, new(offset, next), settled), next);
    }

    private List<DeadLetter> LettersOf(IReadOnlyList<RecordBatch> batches, OffsetRange wanted, IReadOnlyList<OffsetRange> settled)
    {
        var letters = new List<DeadLetter>();
        var range = 0;
        foreach (var batch in batches)
        {
            foreach (var record in batch.Decompress())
            {
                while (range < settled.Count && settled[range].Next <= record.Offset)
                {
                    range++;
                }

                var isSettled = range < settled.Count && settled[range].First <= record.Offset;
                if (!isSettled && record.Offset >= wanted.First && record.Offset < wanted.Next
                    && DeadLetterReader.Read(pipeline, partition.Partition, record) is { } letter)
                {
                    letters.Add(letter);
                }
            }
        }

        return letters;
    }
}

/// <summary>Consecutive dead letters.</summary>
/// <param name="Letters">The dead letters; they lie in the memory of the batches read.</param>
/// <param name="NextOffset">The offset to continue from.</param>
internal readonly record struct LetterChunk(IReadOnlyList<DeadLetter> Letters, long NextOffset);
