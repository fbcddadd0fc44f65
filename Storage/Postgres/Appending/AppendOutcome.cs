namespace Orleans.Pipeline.Storage.Postgres.Appending;

/// <summary>What the database's <c>append</c> answered; see Schema/Version2/1-producers.sql.</summary>
/// <param name="Status">Whether it appended.</param>
/// <param name="BaseOffset">The offset of the batch's first record, if it is known.</param>
/// <param name="Detail">The sequence expected, or the newest epoch.</param>
internal readonly record struct AppendOutcome(AppendStatus Status, long BaseOffset, long Detail)
{
    /// <summary>Answers a request with it; not for an unknown partition.</summary>
    public void Answer(AppendRequest request)
    {
        var (partition, batch) = (request.Partition, request.Batch);
        switch (Status)
        {
            case AppendStatus.Appended or AppendStatus.Repeated:
                request.Complete(new(BaseOffset, BaseOffset + batch.Count, IsRepeat: Status == AppendStatus.Repeated));
                break;
            case AppendStatus.Gap:
                request.Fail(new SequenceGapException(partition, batch.ProducerId, (int)Detail, batch.BaseSequence));
                break;
            case AppendStatus.OldRepeat:
                request.Fail(new DuplicateSequenceException(partition, batch.ProducerId, batch.BaseSequence));
                break;
            default:
                request.Fail(new ProducerFencedException(partition, batch.ProducerId, batch.ProducerEpoch, (short)Detail));
                break;
        }
    }
}

internal enum AppendStatus
{
    Appended = 0,
    Repeated = 1,
    UnknownPartition = 2,
    Gap = 3,
    OldRepeat = 4,
    Fenced = 5,
}
