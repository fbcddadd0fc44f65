using Orleans.Pipeline.Client.Tests.Simulation;

namespace Orleans.Pipeline.Client.Tests;

/// <summary>
/// A log in memory with the rules of a real one. A test may have appends wait for an answer, and put errors in the place of
/// answers.
/// </summary>
internal sealed class InMemoryLog(int partitions, Action<Action> later) : ITopicLog
{
    private readonly Queue<(Exception Error, bool HasEffect)> _faults = new();
    private readonly List<Action> _held = [];
    private long _producers;

    public ModelPartition[] Partitions { get; } =
        [.. Enumerable.Range(0, partitions).Select(partition => new ModelPartition(new("orders", partition)))];

    /// <summary>Every append so far, also those that failed.</summary>
    public List<(int Partition, RecordBatch Batch)> Appends { get; } = [];

    /// <summary>The names under which producers were opened.</summary>
    public List<string?> Opened { get; } = [];

    /// <summary>Whether the topic exists.</summary>
    public bool Exists { get; set; } = true;

    /// <summary>What opening a producer fails with; null if it does not.</summary>
    public Exception? OpeningFault { get; set; }

    /// <summary>Whether appends wait for <see cref="Answer"/>.</summary>
    public bool IsHolding { get; set; }

    /// <summary>The epoch of the producers that are opened.</summary>
    public short FirstEpoch { get; set; }

    /// <summary>Puts an error in the place of the answer to the next append that arrives.</summary>
    /// <param name="error">The error.</param>
    /// <param name="hasEffect">Whether the batch is appended all the same.</param>
    public void Fail(Exception error, bool hasEffect = false) => _faults.Enqueue((error, hasEffect));

    /// <summary>Lets an append that is held arrive, and answers it.</summary>
    /// <param name="held">Which, counted from the oldest held.</param>
    public void Answer(int held = 0)
    {
        var answer = _held[held];
        _held.RemoveAt(held);
        later(answer);
    }

    public ValueTask<TopicDescription?> FindTopicAsync(TopicName topic, CancellationToken cancellationToken = default) =>
        new(Exists ? new TopicDescription(topic, new TopicSettings { Partitions = partitions }, default) : null);

    public ValueTask<ProducerIdentity> OpenProducerAsync(string? name, CancellationToken cancellationToken = default)
    {
        if (OpeningFault is { } fault)
        {
            throw fault;
        }

        Opened.Add(name);
        return new(new ProducerIdentity(_producers++, FirstEpoch));
    }

    public ValueTask<AppendResult> AppendAsync(TopicPartition partition, RecordBatch batch, CancellationToken cancellationToken = default)
    {
        Appends.Add((partition.Partition, RecordBatch.Validate(batch.Bytes.ToArray())));
        var answered = new TaskCompletionSource<AppendResult>();
        void Arrive()
        {
            try
            {
                answered.TrySetResult(Append(partition.Partition, batch));
            }
            catch (Exception refused)
            {
                answered.TrySetException(refused);
            }
        }

        if (IsHolding)
        {
            _held.Add(Arrive);
            cancellationToken.Register(() => later(() => answered.TrySetCanceled(cancellationToken)));
        }
        else
        {
            Arrive();
        }

        return new(answered.Task);
    }

    public ValueTask<TopicDescription> CreateTopicAsync(
        TopicName topic, TopicSettings settings, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public ValueTask<IReadOnlyList<TopicDescription>> ListTopicsAsync(CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public ValueTask<IReadOnlyList<RecordBatch>> ReadAsync(
        TopicPartition partition, long offset, int maximumBytes, TimeSpan wait, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public ValueTask<PartitionBounds> GetBoundsAsync(TopicPartition partition, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public ValueTask<long> FindOffsetAsync(TopicPartition partition, DateTimeOffset time, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    private AppendResult Append(int partition, RecordBatch batch)
    {
        if (!_faults.TryDequeue(out var fault))
        {
            return Partitions[partition].Append(batch);
        }

        if (fault.HasEffect)
        {
            Partitions[partition].Append(batch);
        }

        throw fault.Error;
    }
}
