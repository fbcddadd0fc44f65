using Microsoft.Extensions.Time.Testing;

namespace Orleans.Pipeline.Client.Tests.Simulation;

/// <summary>
/// A log on the far side of a bad network, driven step by step: each request arrives, and is answered, when the driver says so, and
/// either may go wrong. It checks by itself what a producer must never do.
/// </summary>
internal sealed class SimulatedLog(TopicName topic, int partitions, int maximumInFlight, Faults faults, FakeTimeProvider time) : ITopicLog
{
    private readonly List<Request> _underWay = [];
    private readonly List<(int Partition, byte[] Bytes)> _strays = [];
    private readonly List<Action> _questions = [];
    private readonly Dictionary<(long Producer, short Epoch, int Partition, int Sequence), byte[]> _sent = [];
    private readonly HashSet<(long Producer, short Epoch, int Partition, int Sequence)> _sentWhilePushedBack = [];
    private readonly long[] _pushedBackUntil = new long[partitions];
    private long _producers;

    public ModelPartition[] Partitions { get; } = [.. Enumerable.Range(0, partitions).Select(partition => new ModelPartition(new(
        topic,
        partition)))];

    public List<string> Violations { get; } = [];

    /// <summary>How many things can happen here now.</summary>
    public int Choices => _underWay.Count + _strays.Count + _questions.Count;

    /// <summary>Lets one thing happen.</summary>
    public void Step(int choice)
    {
        if (choice < _underWay.Count)
        {
            Advance(_underWay[choice]);
        }
        else if (choice - _underWay.Count < _strays.Count)
        {
            Arrive(choice - _underWay.Count);
        }
        else
        {
            var question = _questions[choice - _underWay.Count - _strays.Count];
            _questions.Remove(question);
            question();
        }
    }

    /// <summary>Lets everything arrive that is still somewhere on the way.</summary>
    public void ArriveAll()
    {
        while (_strays.Count > 0)
        {
            Arrive(faults.Random.Next(_strays.Count));
        }
    }

    /// <summary>Forgets producers, if nothing of any is under way.</summary>
    public void MayForget()
    {
        if (Choices == 0 && faults.Happens(faults.Forgotten))
        {
            Array.ForEach(Partitions, partition => partition.ForgetProducers());
            _sent.Clear();
        }
    }

    public ValueTask<TopicDescription?> FindTopicAsync(TopicName name, CancellationToken cancellationToken = default) =>
        AskAsync<TopicDescription?>(new TopicDescription(topic, new TopicSettings { Partitions = partitions }, default), cancellationToken);

    public ValueTask<ProducerIdentity> OpenProducerAsync(string? name, CancellationToken cancellationToken = default) =>
        AskAsync(new ProducerIdentity(_producers++, 0), cancellationToken);

    public ValueTask<AppendResult> AppendAsync(TopicPartition partition, RecordBatch batch, CancellationToken cancellationToken = default)
    {
        Check(partition.Partition, batch);
        var request = new Request(partition.Partition, batch);
        _underWay.Add(request);
        if (faults.Happens(faults.AtOnce))
        {
            Advance(request);
            Advance(request);
        }

        cancellationToken.Register(() => Cancel(request, cancellationToken));
        return new(request.Answered.Task);
    }

    public ValueTask<TopicDescription> CreateTopicAsync(
        TopicName name, TopicSettings settings, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public ValueTask<IReadOnlyList<TopicDescription>> ListTopicsAsync(CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public ValueTask<IReadOnlyList<RecordBatch>> ReadAsync(
        TopicPartition partition, long offset, int maximumBytes, TimeSpan wait, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public ValueTask<PartitionBounds> GetBoundsAsync(TopicPartition partition, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public ValueTask<long> FindOffsetAsync(TopicPartition partition, DateTimeOffset at, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    private void Advance(Request request)
    {
        if (!request.HasArrived && !faults.Happens(faults.LostRequest))
        {
            request.Arrive(() => Append(request.Partition, request.Batch.Bytes));
        }
        else
        {
            End(request, !request.HasArrived || faults.Happens(faults.LostAnswer) ? Unavailable() : null);
        }
    }

    /// <summary>Answers a cancelled append, now or in its own time: until then it may still read the batch.</summary>
    private void Cancel(Request request, CancellationToken cancellationToken)
    {
        request.IsAbandoned = true;
        if (faults.Random.Next(2) == 0)
        {
            End(request, new OperationCanceledException(cancellationToken));
        }
    }

    private void End(Request request, Exception? lost)
    {
        if (!_underWay.Remove(request))
        {
            return;
        }

        request.Lose(lost);
        if ((lost is not null || request.Error is null) && faults.Happens(faults.Stray))
        {
            _strays.Add((request.Partition, request.Batch.Bytes.ToArray()));
        }

        NotePushBack(request);
        request.Complete();
    }

    private void NotePushBack(Request request)
    {
        if (request.Error is BackpressureException { RetryAfter: var wait })
        {
            ForgetPushBackThatIsOver(request.Partition);
            _pushedBackUntil[request.Partition] = Math.Max(_pushedBackUntil[request.Partition], time.GetTimestamp() + wait.Ticks);
        }
    }

    private void Arrive(int stray)
    {
        var (partition, bytes) = _strays[stray];
        _strays.RemoveAt(stray);
        try
        {
            Append(partition, bytes);
        }
        catch (PipelineException)
        {
            // No caller waits for the answer.
        }
    }

    private AppendResult Append(int partition, ReadOnlyMemory<byte> bytes)
    {
        var batch = Validate(partition, bytes);
        if (faults.Happens(faults.PushedBack))
        {
            throw new BackpressureException(topic, "the lag is over its limit", TimeSpan.FromMilliseconds(faults.Random.Next(300)));
        }

        return faults.Happens(faults.Refused) ? throw new UnknownTopicException(topic) : Partitions[partition].Append(batch);
    }

    private RecordBatch Validate(int partition, ReadOnlyMemory<byte> bytes)
    {
        try
        {
            return RecordBatch.Validate(bytes);
        }
        catch (InvalidRecordBatchException invalid)
        {
            Violations.Add($"A batch changed on its way to partition {partition}: {invalid.Message}");
            throw;
        }
    }

    private void Check(int partition, RecordBatch batch)
    {
        var key = (batch.ProducerId, batch.ProducerEpoch, partition, batch.BaseSequence);
        var bytes = batch.Bytes.ToArray();
        if (!_sent.TryAdd(key, bytes) && !_sent[key].AsSpan().SequenceEqual(bytes))
        {
            Violations.Add($"Other bytes were sent under the same sequence: {key}.");
        }

        if (_underWay.Count(request => request.Partition == partition && !request.IsAbandoned) >= maximumInFlight)
        {
            Violations.Add($"More than {maximumInFlight} batches are in flight to partition {partition}.");
        }

        ForgetPushBackThatIsOver(partition);
        if (time.GetTimestamp() < _pushedBackUntil[partition] && !_sentWhilePushedBack.Add(key))
        {
            Violations.Add($"A batch was sent again while partition {partition} was pushed back: {key}.");
        }
    }

    private void ForgetPushBackThatIsOver(int partition)
    {
        if (time.GetTimestamp() >= _pushedBackUntil[partition])
        {
            _sentWhilePushedBack.RemoveWhere(sent => sent.Partition == partition);
        }
    }

    private async ValueTask<T> AskAsync<T>(T answer, CancellationToken cancellationToken)
    {
        var asked = new TaskCompletionSource();
        using var cancellation = cancellationToken.Register(() => asked.TrySetCanceled(cancellationToken));
        _questions.Add(() => asked.TrySetResult());
        await asked.Task;
        if (faults.Happens(faults.PushedBack))
        {
            throw new BackpressureException(topic, "the caller asks too often", TimeSpan.FromMilliseconds(faults.Random.Next(300)));
        }

        return faults.Happens(faults.LostRequest) ? throw Unavailable() : answer;
    }

    private static StoreUnavailableException Unavailable() => new("The store is away.");
}
