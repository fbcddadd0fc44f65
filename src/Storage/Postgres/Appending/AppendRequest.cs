using Orleans.Pipeline.Records;
using Orleans.Pipeline.Topics;

namespace Orleans.Pipeline.Storage.Postgres;

/// <summary>A batch as it waits to be appended.</summary>
internal sealed class AppendRequest(TopicPartition partition, RecordBatch batch)
{
    private readonly TaskCompletionSource<AppendResult> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TopicPartition Partition { get; } = partition;

    public RecordBatch Batch { get; } = batch;

    public int Bytes => Batch.Bytes.Length;

    /// <summary>The partition's id, once it was looked up.</summary>
    public int PartitionId { get; set; }

    /// <summary>The topic's id, once it was looked up.</summary>
    public int TopicId { get; set; }

    /// <summary>Whether nobody waits for it any more.</summary>
    public bool IsAbandoned => _answer.Task.IsCompleted;

    /// <summary>Waits for the answer; who stops waiting before it is taken up withdraws it.</summary>
    public async Task<AppendResult> AnswerAsync(CancellationToken cancellationToken)
    {
        await using var registration = cancellationToken.UnsafeRegister((_, token) => _answer.TrySetCanceled(token), null);
        return await _answer.Task;
    }

    public void Complete(AppendResult result) => _answer.TrySetResult(result);

    public void Fail(Exception error) => _answer.TrySetException(error);
}
