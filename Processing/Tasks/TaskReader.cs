namespace Orleans.Pipeline.Tasks;

/// <summary>Reads the partition of a task and hands its batches to the task's processor. Both engines use it.</summary>
/// <remarks>
/// The reader keeps no position: every read begins at <see cref="PartitionProcessor.NextAccepted"/>. So a seek needs only a new processor,
/// and a missing batch is read again. At the end of the partition the reader waits without polling.
/// </remarks>
internal sealed class TaskReader(ITopicLog log, PartitionProcessor processor, RetryForever patience, int readBytes)
{
    /// <summary>Reads until the call is cancelled or the processor ends.</summary>
    /// <param name="cancellationToken">Stops reading. The processor keeps what it has accepted.</param>
    /// <exception cref="OperationCanceledException">Cancelled, or the processor was disposed of.</exception>
    /// <exception cref="TaskFencedException">A newer owner took over. Other errors that end the processor are thrown too.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var reading = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _ = processor.Completion.ContinueWith(
            _ => reading.Cancel(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        try
        {
            while (true)
            {
                foreach (var batch in await ReadAsync(reading.Token))
                {
                    await processor.AcceptAsync(batch, reading.Token);
                }
            }
        }
        catch (OperationCanceledException) when (processor.Completion.IsFaulted)
        {
            await processor.Completion;
        }
    }

    private async ValueTask<IReadOnlyList<RecordBatch>> ReadAsync(CancellationToken cancellationToken)
    {
        var (batches, start) = await patience.ExecuteAsync(static (reader, token) => reader.ReadOnceAsync(token), this, cancellationToken);
        processor.SkipTo(start);
        return batches;
    }

    /// <returns>Consecutive batches; or, if retention has removed the next offset, none and the first offset that is kept.</returns>
    private async ValueTask<(IReadOnlyList<RecordBatch> Batches, long Start)> ReadOnceAsync(CancellationToken cancellationToken)
    {
        var offset = processor.NextAccepted;
        try
        {
            var batches = await log.ReadAsync(processor.Source, offset, readBytes, Timeout.InfiniteTimeSpan, cancellationToken);
            return batches.Count == 0 || batches[0].BaseOffset <= offset
                ? (UpToGap(batches), 0)
                : ([], await StartBeyondAsync(offset, batches[0].BaseOffset, cancellationToken));
        }
        catch (OffsetOutOfRangeException gone) when (gone.Start > offset)
        {
            return ([], gone.Start);
        }
    }

    private async ValueTask<long> StartBeyondAsync(long offset, long read, CancellationToken cancellationToken)
    {
        var bounds = await log.GetBoundsAsync(processor.Source, cancellationToken);
        return bounds.Start > offset ? bounds.Start : throw new OffsetGapException(processor.Id, offset, read);
    }

    private static IReadOnlyList<RecordBatch> UpToGap(IReadOnlyList<RecordBatch> batches)
    {
        for (var index = 1; index < batches.Count; index++)
        {
            if (batches[index].BaseOffset != batches[index - 1].NextOffset)
            {
                return [.. batches.Take(index)];
            }
        }

        return batches;
    }
}
