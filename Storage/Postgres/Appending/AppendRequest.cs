using Orleans.Pipeline.Storage.Postgres.Connections;

namespace Orleans.Pipeline.Storage.Postgres.Appending;

internal sealed class AppendRequest(TopicPartition partition, Guid topicIdentity, RecordBatch batch) : Request<AppendResult>
{
    public TopicPartition Partition { get; } = partition;

    /// <summary>The identity that the topic must have; empty for any.</summary>
    public Guid TopicIdentity { get; } = topicIdentity;

    public RecordBatch Batch { get; } = batch;

    public int Bytes => Batch.Bytes.Length;

    public int PartitionId { get; set; }

    public int TopicId { get; set; }
}

/// <summary>The answer of the SQL function <c>append</c>; see Schema/Functions/appends.sql.</summary>
/// <param name="Status">The outcome.</param>
/// <param name="BaseOffset">The offset of the batch's first record, if known.</param>
/// <param name="Detail">The expected sequence, or the newest epoch.</param>
internal readonly record struct AppendOutcome(AppendStatus Status, long BaseOffset, long Detail)
{
    /// <summary>Answers a request. <see cref="AppendStatus.UnknownPartition"/> has no answer: the request is sent again.</summary>
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
