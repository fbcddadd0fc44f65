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

    /// <summary>The partition that they were read from.</summary>
    public TopicPartition Partition { get; }

    /// <summary>The offset of the first.</summary>
    public long Offset { get; }

    /// <summary>One past the offset of the last.</summary>
    public long NextOffset => Offset + Count;

    /// <summary>How many they are.</summary>
    public int Count { get; }

    /// <summary>Walks the records, without an allocation.</summary>
    public Enumerator GetEnumerator() => new(this);

    IEnumerator<ConsumerRecord> IEnumerable<ConsumerRecord>.GetEnumerator() => GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Opens a batch of the log.</summary>
    /// <param name="partition">Its partition.</param>
    /// <param name="packed">The batch.</param>
    /// <param name="from">The first offset wanted.</param>
    /// <param name="stop">The offset before which to stop.</param>
    internal static ConsumerBatch Open(TopicPartition partition, RecordBatch packed, long from, long stop)
    {
        var batch = packed.Decompress();
        var walk = batch.GetEnumerator();
        walk.Skip((int)Math.Clamp(from - batch.BaseOffset, 0, batch.Count));
        var offset = batch.NextOffset - walk.Left;
        return new(partition, batch, walk.Position, offset, (int)Math.Clamp(stop - offset, 0, walk.Left));
    }

    /// <summary>A walk over the records of a batch.</summary>
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

        /// <summary>The record the walk stands on.</summary>
        public ConsumerRecord Current { get; private set; }

        readonly object IEnumerator.Current => Current;

        /// <summary>Goes to the next record.</summary>
        /// <returns>Whether there was one.</returns>
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

        /// <summary>Goes back to before the first record.</summary>
        public void Reset() => (_left, _position) = (_batch.Count, _batch._start);

        /// <summary>Does nothing: there is nothing to release.</summary>
        public readonly void Dispose()
        {
        }
    }
}
