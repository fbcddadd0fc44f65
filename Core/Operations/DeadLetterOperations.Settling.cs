namespace Orleans.Pipeline;

/// <content>Settling dead letters in transactions.</content>
public sealed partial class DeadLetterOperations
{
    /// <summary>Settles dead letters, some in each transaction, together with the appends for them.</summary>
    private async ValueTask<long> SettleAsync(
        string pipeline,
        DeadLetterFilter filter,
        Func<IReadOnlyList<DeadLetter>, long, ValueTask<List<TopicAppend>>> appendsOf,
        CancellationToken cancellationToken)
    {
        var settled = 0L;
        foreach (var part in await PartsAsync(pipeline, filter, after: null, cancellationToken))
        {
            for (var offset = part.First; offset < part.End;)
            {
                var chunk = await part.Letters.ReadAsync(offset, part.End, cancellationToken);
                List<DeadLetter> letters = [.. chunk.Letters.Where(filter.Fits)];
                if (letters.Count > 0)
                {
                    var appends = await appendsOf(letters, settled);
                    if (!await TrySettleAsync(part.Partition, letters, appends, cancellationToken))
                    {
                        continue; // Since the read, another call settled or retention removed some. Read the rest again.
                    }

                    settled += letters.Count;
                }

                offset = chunk.NextOffset;
            }
        }

        if (settled == 0 && filter is { Partition: { } partition, Offset: { } only })
        {
            throw await ExplainAsync(new(TopicOf(pipeline), partition), only, cancellationToken);
        }

        return settled;
    }

    private async ValueTask<bool> TrySettleAsync(
        TopicPartition partition, List<DeadLetter> letters, List<TopicAppend> appends, CancellationToken cancellationToken)
    {
        try
        {
            await _store.SettleAsync(partition, RangesOf(letters), appends, cancellationToken);
            return true;
        }
        catch (Exception outdated) when (outdated is RecordsSettledException or OffsetOutOfRangeException)
        {
            return false;
        }
    }

    private static List<OffsetRange> RangesOf(List<DeadLetter> letters)
    {
        var ranges = new List<OffsetRange>();
        foreach (var letter in letters)
        {
            if (ranges.Count > 0 && ranges[^1].Next == letter.Offset)
            {
                ranges[^1] = ranges[^1] with { Next = letter.Offset + 1 };
            }
            else
            {
                ranges.Add(new(letter.Offset, letter.Offset + 1));
            }
        }

        return ranges;
    }

    private async ValueTask<PipelineException> ExplainAsync(TopicPartition partition, long offset, CancellationToken cancellationToken)
    {
        var isThere = await _store.FindTopicAsync(partition.Topic, cancellationToken) is not null;
        return isThere && await _store.ListSettledAsync(partition, offset, 1, cancellationToken) is [var range] && range.First <= offset
            ? new RecordsSettledException(partition, new(offset, offset + 1))
            : new UnknownDeadLetterException(partition.Topic, new(partition.Partition, offset));
    }
}
