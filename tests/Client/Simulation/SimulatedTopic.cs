using System.Text;
using Microsoft.Extensions.Time.Testing;

namespace Orleans.Pipeline.Client.Tests.Simulation;

/// <summary>
/// A topic to read from, on the far side of a bad network, driven step by step: each request is answered when the driver says so, and
/// may be answered by an error. It checks by itself what a consumer must never do.
/// </summary>
internal sealed class SimulatedTopic(
    TopicName topic, int partitions, ReadFaults faults, FakeTimeProvider time, TimeSpan shortestBackoff) : ITopicLog
{
    private readonly List<Action> _pending = [];
    private readonly List<RecordBatch>[] _batches = [.. Enumerable.Range(0, partitions).Select(_ => new List<RecordBatch>())];
    private readonly long[] _ends = new long[partitions];
    private readonly List<(int Partition, RecordBatch Batch)> _given = [];
    private DateTimeOffset _notBefore;

    public List<string> Violations { get; } = [];

    public int PartitionCount => partitions;

    /// <summary>How many requests wait to be answered.</summary>
    public int Choices => _pending.Count;

    /// <summary>Whether nothing fails any more.</summary>
    public bool IsWell { get; set; }

    /// <summary>Bytes of the largest batch appended.</summary>
    public int LargestBatch { get; private set; }

    public long End(int partition) => _ends[partition];

    public long Start(int partition) => _batches[partition] is [var first, ..] ? first.BaseOffset : _ends[partition];

    /// <summary>What the record at a place is.</summary>
    public static string ValueAt(int partition, long offset) => $"{partition}:{offset}";

    /// <summary>When the record at a place was made, in milliseconds; every now and then earlier than the one before it.</summary>
    public static long TimeAt(long offset) => (offset * 10) - (offset % 7 == 3 ? 35 : 0);

    /// <summary>The batches of a partition that hold an offset or come behind it.</summary>
    public IEnumerable<RecordBatch> From(int partition, long offset) => _batches[partition].Where(batch => batch.NextOffset > offset);

    public void Append(int partition, int count, Compression compression)
    {
        var builder = new RecordBatchBuilder();
        for (var offset = _ends[partition]; offset < _ends[partition] + count; offset++)
        {
            builder.Append(default, Encoding.UTF8.GetBytes(ValueAt(partition, offset)), TimeAt(offset) + 1_000);
        }

        var bytes = builder.Build(compression: compression).Bytes.ToArray();
        _batches[partition].Add(RecordBatch.Trust(bytes, _ends[partition]));
        _ends[partition] += count;
        LargestBatch = Math.Max(LargestBatch, bytes.Length);
    }

    /// <summary>Forgets what its reader, which has left, was given and had to wait for.</summary>
    public void ForgetReader()
    {
        _given.Clear();
        _notBefore = default;
    }

    public void MayTrim(int partition)
    {
        if (!IsWell && _batches[partition].Count > 1 && faults.Happens(faults.Trimmed))
        {
            _batches[partition].RemoveRange(0, faults.Random.Next(1, _batches[partition].Count));
        }
    }

    /// <summary>Bytes of the batches that were given to the present reader and lie wholly ahead of where it has come to.</summary>
    public long BytesAhead(IReadOnlyDictionary<int, long> positions) => _given
        .Where(given => given.Batch.BaseOffset >= positions.GetValueOrDefault(given.Partition))
        .Sum(given => (long)given.Batch.Bytes.Length);

    /// <summary>Answers a request.</summary>
    public void Step(int choice)
    {
        var answer = _pending[choice];
        _pending.RemoveAt(choice);
        answer();
    }

    /// <summary>A reader that begins asks this first.</summary>
    public ValueTask<IReadOnlyList<PartitionBounds>> GetTopicBoundsAsync(TopicName name, CancellationToken cancellationToken = default) =>
        AskAsync<IReadOnlyList<PartitionBounds>>(
            () => [.. Enumerable.Range(0, partitions).Select(partition => new PartitionBounds(Start(partition), _ends[partition], 0, 0))],
            cancellationToken);

    public ValueTask<long> FindOffsetAsync(TopicPartition partition, DateTimeOffset at, CancellationToken cancellationToken = default) =>
        AskAsync(
        () => _batches[partition.Partition].Where(batch => batch.MaximumTimestamp >= at.ToUnixTimeMilliseconds())
            .Select(batch => (long?)batch.BaseOffset).FirstOrDefault() ?? _ends[partition.Partition],
        cancellationToken);

    public ValueTask<IReadOnlyList<PartitionRead>> ReadAnyAsync(
        TopicName name,
        IReadOnlyList<PartitionOffset> positions,
        int maximumBytes,
        TimeSpan wait,
        CancellationToken cancellationToken = default) =>
        AskAsync(
            () =>
            {
                var reads = Read(positions, maximumBytes);
                _given.AddRange(reads.SelectMany(read => read.Batches.Select(batch => (read.Partition, batch))));
                return reads;
            },
            cancellationToken);

    public ValueTask<TopicDescription> CreateTopicAsync(
        TopicName name, TopicSettings settings, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public ValueTask<TopicDescription?> FindTopicAsync(TopicName name, CancellationToken cancellationToken = default) =>
        new(new TopicDescription(topic, new TopicSettings { Partitions = partitions }, default));

    public ValueTask<IReadOnlyList<TopicDescription>> ListTopicsAsync(CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public ValueTask<ProducerIdentity> OpenProducerAsync(string? name, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public ValueTask<AppendResult> AppendAsync(
        TopicPartition partition, RecordBatch batch, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public ValueTask<IReadOnlyList<RecordBatch>> ReadAsync(
        TopicPartition partition, long offset, int maximumBytes, TimeSpan wait, CancellationToken cancellationToken = default) =>
        AskAsync<IReadOnlyList<RecordBatch>>(
            () => Read([new(partition.Partition, offset)], maximumBytes) is [{ Batches: var batches }] ? batches : [], cancellationToken);

    public ValueTask<PartitionBounds> GetBoundsAsync(TopicPartition partition, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    private IReadOnlyList<PartitionRead> Read(IReadOnlyList<PartitionOffset> positions, int maximumBytes)
    {
        var reads = new List<PartitionRead>();
        var left = (long)maximumBytes;
        foreach (var (partition, offset) in positions)
        {
            if (offset < Start(partition) || offset > _ends[partition])
            {
                throw new OffsetOutOfRangeException(new(topic, partition), offset, Start(partition), _ends[partition]);
            }

            var batches = new List<RecordBatch>();
            foreach (var batch in From(partition, offset))
            {
                if ((batch.Bytes.Length > left && (reads.Count > 0 || batches.Count > 0)) || (batches.Count > 0 && faults.Happens(faults.Short)))
                {
                    break;
                }

                batches.Add(batch);
                left -= batch.Bytes.Length;
            }

            if (batches.Count > 0)
            {
                reads.Add(new(partition, batches));
            }
        }

        return reads;
    }

    private ValueTask<T> AskAsync<T>(Func<T> answer, CancellationToken cancellationToken)
    {
        if (_pending.Count > 0)
        {
            Violations.Add("A request was made while another is under way.");
        }

        if (time.GetUtcNow() < _notBefore && !cancellationToken.IsCancellationRequested)
        {
            Violations.Add("A request that failed was made again at once.");
        }

        var answered = new TaskCompletionSource<T>();
        void Answer()
        {
            if (!IsWell && Fault() is { } fault)
            {
                _notBefore = time.GetUtcNow()
                    + (fault is BackpressureException { RetryAfter: var asked } && asked > shortestBackoff ? asked : shortestBackoff);
                answered.TrySetException(fault);
                return;
            }

            try
            {
                answered.TrySetResult(answer());
            }
            catch (PipelineException refused)
            {
                answered.TrySetException(refused);
            }
        }

        if (faults.Happens(faults.AtOnce))
        {
            Answer();
        }
        else
        {
            _pending.Add(Answer);
            cancellationToken.Register(() =>
            {
                _pending.Remove(Answer);
                answered.TrySetCanceled(cancellationToken);
            });
        }

        return new(answered.Task);
    }

    private Exception? Fault()
    {
        if (faults.Happens(faults.Unavailable))
        {
            return new StoreUnavailableException("The store is away.");
        }

        if (faults.Happens(faults.RateLimited))
        {
            return new BackpressureException(topic, "the caller asks too often", TimeSpan.FromMilliseconds(faults.Random.Next(300)));
        }

        return faults.Happens(faults.Cancelled) ? new TaskCanceledException() : null;
    }
}
