using System.Collections;

namespace Orleans.Pipeline.Client;

/// <summary>Consecutive records of one partition.</summary>
public sealed class ConsumerBatch : IReadOnlyCollection<ConsumerRecord>
{
    private readonly ReadOnlyMemory<byte> _records;
    private readonly long _baseOffset;
    private readonly long _baseTimestamp;
    private readonly int _start;

    private ConsumerBatch(TopicPartition partition, RecordBatch batch, int start, long offset, int count)
    {
        Partition = partition;
        _records = batch.Bytes[RecordBatch.HeaderBytes..];
        (_baseOffset, _baseTimestamp) = (batch.BaseOffset, batch.BaseTimestamp);
        (_start, Offset, Count) = (start, offset, count);
    }

    /// <summary>The records' partition.</summary>
    public TopicPartition Partition { get; }

    /// <summary>The offset of the first record.</summary>
    public long Offset { get; }

    /// <summary>The offset after the last record.</summary>
    public long NextOffset => Offset + Count;

    /// <summary>The number of records.</summary>
    public int Count { get; }

    /// <summary>Enumerates the records without an allocation.</summary>
    public Enumerator GetEnumerator() => new(this);

    IEnumerator<ConsumerRecord> IEnumerable<ConsumerRecord>.GetEnumerator() => GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <param name="partition">The batch's partition.</param>
    /// <param name="packed">The batch, as it is in the log.</param>
    /// <param name="from">The first offset to return.</param>
    /// <param name="stop">The offset to stop before.</param>
    internal static ConsumerBatch Open(TopicPartition partition, RecordBatch packed, long from, long stop)
    {
        var batch = packed.Decompress();
        var walk = batch.GetEnumerator();
        walk.Skip((int)Math.Clamp(from - batch.BaseOffset, 0, batch.Count));
        var offset = batch.NextOffset - walk.Left;
        return new(partition, batch, walk.Position, offset, (int)Math.Clamp(stop - offset, 0, walk.Left));
    }

    /// <summary>Enumerates the records of a batch.</summary>
    public struct Enumerator : IEnumerator<ConsumerRecord>
    {
        private readonly ConsumerBatch _batch;
        private int _left;
        private int _position;

        internal Enumerator(ConsumerBatch batch)
        {
            _batch = batch;
            Reset();
        }

        /// <summary>The current record.</summary>
        public ConsumerRecord Current { get; private set; }

        readonly object IEnumerator.Current => Current;

        /// <summary>Moves to the next record.</summary>
        /// <returns>Whether there is a next record.</returns>
        public bool MoveNext()
        {
            var walk = new RecordEnumerator(_batch._records, _batch._baseOffset, _batch._baseTimestamp, _left, _position);
            if (!walk.MoveNext())
            {
                return false;
            }

            Current = new(_batch.Partition, walk.Current, _batch._records);
            (_left, _position) = (walk.Left, walk.Position);
            return true;
        }

        /// <summary>Moves back to before the first record.</summary>
        public void Reset() => (_left, _position) = (_batch.Count, _batch._start);

        /// <summary>Does nothing: there is nothing to release.</summary>
        public readonly void Dispose()
        {
        }
    }
}
